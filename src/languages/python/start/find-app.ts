/** Pure: finds the web app in the modules of an app: its module, its name, and the framework. */
import type { SourceTree } from "../../../source/source-tree.ts";
import type { DeclaredPackages } from "../manifests/declared-packages.ts";
import {
  APP_FRAMEWORKS,
  APP_VARIABLES,
  type AppFramework,
  FACTORIES,
  FILE_FRAMEWORKS,
  type FileFramework,
} from "./frameworks.ts";
import { appModules, importsAny, type PythonModule } from "./modules.ts";

/** An object that a server is given, or a function that makes it. */
export interface FoundObject {
  kind: "object";
  module: PythonModule;
  framework: AppFramework;
  variable: string;
  isFactory: boolean;
}

/** A file that a framework's own command is given. */
export interface FoundFile {
  kind: "file";
  module: PythonModule;
  framework: FileFramework;
}

/** The first in the order of modules; functions that make an app come after all that are made. */
export function findApp(
  tree: SourceTree,
  declared: DeclaredPackages,
): FoundObject | FoundFile | undefined {
  const modules = appModules(tree);
  const named = FILE_FRAMEWORKS.filter((framework) => declared.has(framework.package));
  const documented = findFirst(named, (framework): FoundFile | undefined => {
    const module = modules.find(({ path }) => framework.files.includes(path));
    return module !== undefined && isFileOf(module, framework)
      ? { kind: "file", module, framework }
      : undefined;
  });
  return (
    documented ??
    findFirst(modules, (module) => objectIn(module, declared) ?? fileIn(module, named)) ??
    findFirst(modules, (module) => importedIn(module, declared)) ??
    findFirst(modules, factoryIn)
  );
}

// --- internal ---

function objectIn(module: PythonModule, declared: DeclaredPackages): FoundObject | undefined {
  return (
    findFirst(APP_FRAMEWORKS, (framework) => {
      if (!importsAny(module, framework.imports)) return undefined;
      const called = module.objects.filter(({ callee }) => framework.calls.includes(callee));
      const variable = preferredVariable(called.map((one) => one.variable));
      return variable === undefined ? undefined : object(module, framework, variable);
    }) ?? madeIn(module, declared)
  );
}

/** `app = create_app()`: by a function of the app's own, so the dependencies tell the framework. */
function madeIn(module: PythonModule, declared: DeclaredPackages): FoundObject | undefined {
  const made = module.objects.filter(({ callee }) => FACTORIES.includes(callee));
  const variable = preferredVariable(made.map((one) => one.variable));
  const framework = declaredFramework(declared);
  if (variable === undefined || framework === undefined) return undefined;
  return object(module, framework, variable);
}

/** `wsgi.py` and `asgi.py` that take the app from another module. */
function importedIn(module: PythonModule, declared: DeclaredPackages): FoundObject | undefined {
  if (!/(^|\/)[aw]sgi\.py$/.test(module.path)) return undefined;
  const lines = module.code.matchAll(/^from\s+[\w.]+\s+import\s+([^\n]+)/gm);
  const names = [...lines].flatMap(([, list = ""]) =>
    list.split(",").map((one) => one.trim().replace(/^\w+\s+as\s+/, "")),
  );
  const assigned = [...module.code.matchAll(/^(\w+)\s*=\s*[\w.]+\s*$/gm)].map(
    ([, name = ""]) => name,
  );
  const variable = APP_VARIABLES.find((name) => [...names, ...assigned].includes(name));
  const framework = declaredFramework(declared);
  if (variable === undefined || framework === undefined) return undefined;
  return object(module, framework, variable);
}

function factoryIn(module: PythonModule): FoundObject | undefined {
  return findFirst(APP_FRAMEWORKS, (framework) => {
    if (!importsAny(module, framework.imports)) return undefined;
    const variable = FACTORIES.find((name) => module.factories.includes(name));
    if (variable === undefined) return undefined;
    return { kind: "object", module, framework, variable, isFactory: true };
  });
}

function object(
  module: PythonModule,
  framework: AppFramework,
  variable: string,
): FoundObject | undefined {
  const served =
    framework.served === undefined ? variable : framework.served(variable, module.code);
  if (served === undefined) return undefined;
  return { kind: "object", module, framework, variable: served, isFactory: false };
}

function declaredFramework(declared: DeclaredPackages): AppFramework | undefined {
  return APP_FRAMEWORKS.find((framework) => declared.has(framework.package));
}

function fileIn(module: PythonModule, frameworks: readonly FileFramework[]): FoundFile | undefined {
  if (module.path.endsWith("__init__.py")) return undefined;
  const framework = frameworks.find((one) => isFileOf(module, one));
  return framework === undefined ? undefined : { kind: "file", module, framework };
}

function isFileOf(module: PythonModule, { imports, tells }: FileFramework): boolean {
  return importsAny(module, imports) && (tells === undefined || tells.test(module.code));
}

function preferredVariable(names: readonly string[]): string | undefined {
  return APP_VARIABLES.find((name) => names.includes(name)) ?? names[0];
}

function findFirst<T, R>(list: readonly T[], find: (one: T) => R | undefined): R | undefined {
  for (const one of list) {
    const found = find(one);
    if (found !== undefined) return found;
  }
  return undefined;
}
