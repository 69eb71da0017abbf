/** Pure: Debian packages that apps of Java's need when they run: fonts, where they draw. */
import type { SourceTree } from "../../source/source-tree.ts";
import type { RequestedPackages } from "../language.ts";
import { mentions } from "./app/main-class.ts";
import type { JavaModule, JavaProject } from "./app/project.ts";
import { NATIVE_NEEDS } from "./native-needs.ts";

export function nativePackages(
  tree: SourceTree,
  { modules }: JavaProject,
  chosen: JavaModule,
): RequestedPackages[] {
  return NATIVE_NEEDS.flatMap(({ artifacts, sources, run }) => {
    for (const module of [chosen, ...modules.filter((one) => one !== chosen)]) {
      const artifact = [...module.dependencies].find((name) => artifacts.test(name));
      if (artifact !== undefined) {
        return [{ names: run, from: { what: `${module.file}: ${artifact}` } }];
      }
      if (sources !== undefined && mentions(tree, module.folder, sources)) {
        return [{ names: run, from: { what: `sources of ${module.folder || module.name}` } }];
      }
    }
    return [];
  });
}
