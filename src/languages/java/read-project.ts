/** Pure: an app of Java's, whichever tool builds it: Maven comes first, since it says more. */
import { oncePer } from "../../lib/once-per.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { JavaProject } from "./app/project.ts";
import { GRADLE_FILES, readGradle } from "./gradle/gradle.ts";
import { readMaven } from "./maven/maven.ts";
import { POM } from "./maven/reactor.ts";

export const MANIFESTS: readonly string[] = [POM, ...GRADLE_FILES];

/**
 * Null where there is none of them.
 * @throws NuaError (input) for files that its build tool could not read
 */
export const readProject = oncePer((tree: SourceTree): JavaProject | null => {
  // A wrapper says which of both people build it with.
  const isGradle = tree.has("gradlew") && !tree.has("mvnw");
  const [first, second] = isGradle ? [readGradle, readMaven] : [readMaven, readGradle];
  return first(tree) ?? second(tree);
});
