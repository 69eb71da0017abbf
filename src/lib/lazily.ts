/** Loads a module when something of it is used for the first time. */

/**
 * The module, which is not loaded yet: what a call of nua-build does not need costs it nothing.
 * Modules that load others can only be given as `() => require("NAME")`.
 */
export function lazily<Module extends object>(load: () => Module): Module {
  return new Proxy({} as Module, { get: (_, name) => Reflect.get(load(), name) });
}
