/** An app's identity and files, for a request of missing inputs. */
import { namedFiles } from "../plan/named-files.ts";
import type { AppIdentity } from "../session/input-source.ts";
import { bundlePaths, type PlannedApp } from "./context-trees.ts";

export function identifyApp({ loaded, plan }: PlannedApp): AppIdentity {
  return {
    ...{ root: loaded.root, file: loaded.file, tag: plan.tag },
    packages: plan.packages,
    taken: bundlePaths([{ loaded, plan }]),
    namedFiles: namedFiles(loaded.config, loaded.fields),
  };
}
