/** Batches queries of the engine that are made at the same time. */

interface Batch<T> {
  answers: Promise<T[]>;
  keys: string[];
}

/**
 * @param askAll answers for several keys, in their order
 * @returns asks for one key; what is asked for in one turn of the event loop is asked together,
 *   and each key once
 */
export function createBatch<T>(
  askAll: (keys: string[]) => Promise<T[]>,
): (key: string) => Promise<T> {
  let open: Batch<T> | undefined;
  const openBatch = (): Batch<T> => {
    const keys: string[] = [];
    const answers = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      open = undefined;
      return askAll(keys);
    });
    return { keys, answers };
  };
  return async (key) => {
    open ??= openBatch();
    const { keys, answers } = open;
    if (!keys.includes(key)) keys.push(key);
    const index = keys.indexOf(key);
    return (await answers)[index]!;
  };
}
