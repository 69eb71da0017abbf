/** Pure: an app of Gradle's, as the room reads it. */
import type { SourceTree } from "../../../source/source-tree.ts";
import type { JavaProject } from "../project.ts";

export const GRADLE_FILES = [
  ...["settings.gradle", "settings.gradle.kts", "build.gradle", "build.gradle.kts"],
];

export function readGradle(_: SourceTree): JavaProject | null {
  return null;
}
