/** Pure: what an app of Java's is started with. */
import type { SourceTree } from "../../source/source-tree.ts";
import type { StartCommand } from "../language.ts";
import { FRAMEWORKS } from "./app/frameworks.ts";
import { outputFolder } from "./app/output-folder.ts";
import type { JavaModule } from "./app/project.ts";
import { scriptName } from "./build.ts";
import { portOf } from "./port.ts";

export interface JavaStart {
  start: StartCommand;
  env: Readonly<Record<string, string>>;
}

/**
 * A container's memory is the app's: by itself Java takes a quarter of it. One that has none left
 * ends, so that whoever runs it starts it again. JAVA_TOOL_OPTIONS is left to those who run it.
 */
export const MEMORY = "-XX:MaxRAMPercentage=75 -XX:+ExitOnOutOfMemoryError";

export function startOf(tree: SourceTree, module: JavaModule, isScript: boolean): JavaStart {
  const port = portOf(tree, module);
  const { portVariable } = FRAMEWORKS[module.framework];
  const setting =
    port === null || portVariable === null
      ? ""
      : `${portVariable}="\${${portVariable}:-\${PORT:-${port}}}" `;
  const out = outputFolder(tree);
  const line = isScript
    ? `${out}/bin/${scriptName(module.name)}`
    : `java ${MEMORY} -jar ${out}/${fileOf(module)}`;
  return {
    start: {
      line: setting + line,
      from: { what: module.file },
      ...(port === null ? {} : { port }),
    },
    // What scripts of Gradle's read.
    env: isScript ? { JAVA_OPTS: MEMORY } : {},
  };
}

// --- internal ---

function fileOf({ framework, packaging }: JavaModule): string {
  if (framework === "quarkus") return "quarkus-run.jar";
  return packaging === "war" ? "app.war" : "app.jar";
}
