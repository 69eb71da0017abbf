/** Pure: what is made of an object that never changes is made once, however many ask. */

/**
 * The same function, which is called once for each object and what else it is asked. What it gives
 * is shared, so nobody changes it; an error is thrown anew each time.
 * @param make asked for plain data beside the object
 */
export function oncePer<Source extends object, Asked extends unknown[], Made>(
  make: (source: Source, ...asked: Asked) => Made,
): (source: Source, ...asked: Asked) => Made {
  const known = new WeakMap<Source, Map<string, Made>>();
  return (source, ...asked) => {
    const ofSource = known.get(source) ?? new Map<string, Made>();
    const key = JSON.stringify(asked);
    if (ofSource.has(key)) return ofSource.get(key) as Made;
    const made = make(source, ...asked);
    known.set(source, ofSource.set(key, made));
    return made;
  };
}
