/** Pure: workers that take tasks from a queue, such as Celery's. */
import type { SourceTree } from "../../../source/source-tree.ts";
import type { DeclaredPackages } from "../manifests/declared-packages.ts";
import { importName } from "./import-name.ts";
import { appModules, importsAny } from "./modules.ts";
import { withRoot } from "./servers.ts";

export interface Worker {
  name: string;
  line: string;
  /** The module that holds its tasks. */
  path: string;
}

/** The first that is among the dependencies and has tasks in a module of the app. */
export function findWorker(tree: SourceTree, declared: DeclaredPackages): Worker | undefined {
  for (const { name, imports, line, call } of WORKERS.filter((one) => declared.has(one.package))) {
    for (const module of appModules(tree)) {
      const isTold =
        importsAny(module, imports) && module.objects.some(({ callee }) => call.includes(callee));
      const named = isTold ? importName(module, tree) : undefined;
      if (named === undefined) continue;
      return { name, path: module.path, line: withRoot(named, line(named.module)) };
    }
  }
  return undefined;
}

// --- internal ---

const WORKERS: readonly {
  name: string;
  package: string;
  imports: readonly string[];
  call: readonly string[];
  line(module: string): string;
}[] = [
  {
    ...{ name: "Celery", package: "celery", imports: ["celery"], call: ["Celery"] },
    line: (module) => `celery --app ${module} worker --loglevel INFO`,
  },
  {
    ...{ name: "Dramatiq", package: "dramatiq", imports: ["dramatiq"] },
    call: ["RedisBroker", "RabbitmqBroker"],
    line: (module) => `dramatiq ${module}`,
  },
  {
    ...{ name: "Huey", package: "huey", imports: ["huey"] },
    call: ["RedisHuey", "SqliteHuey", "FileHuey", "PriorityRedisHuey"],
    line: (module) => `huey_consumer ${module}.huey`,
  },
];
