/** An app's identity and files, for a request of missing inputs. */
import { namedFiles } from "../plan/named-files.ts";
import type { AppInHand } from "../session/input-source.ts";
import { bundlePaths, type PlannedApp } from "./context-trees.ts";

export function appInHand({ loaded, plan }: PlannedApp): AppInHand {
  return {
    ...{ root: loaded.root, file: loaded.file, tag: plan.tag },
    packages: plan.packages,
    taken: bundlePaths([{ loaded, plan }]),
    namedFiles: namedFiles(loaded.config, loaded.fields),
  };
}
