/** What a person is told of an app's files: warnings, or the one error with its place. */
import { chooseRuntimes } from "../../src/bases/choose-runtimes.ts";
import { UnavailableVersion } from "../../src/bases/unavailable-version.ts";
import { NuaError } from "../../src/lib/errors.ts";
import { planStart } from "../../src/plan/app-start.ts";
import { findParts, planParts } from "../../src/plan/parts.ts";
import { warningsOf } from "../../src/plan/warnings.ts";
import { formatOrigin } from "../../src/protocol/planned-action.ts";
import { NO_WORK } from "../unit/agent/facts.ts";
import { type MemoryFiles, memoryTree } from "./memory-tree.ts";

/** What registries have, in these tests. */
const LISTS = {
  deno: ["2.1.14", "2.2.12", "2.9.6"],
  aspnet: ["8.0.22", "9.0.11", "10.0.1"],
  dotnet: ["8.0.122", "8.0.416", "9.0.308", "10.0.101"],
  go: ["1.21.13", "1.25.4", "1.26.11", "1.27.4"],
  nodejs: ["20.19.5", "22.21.0", "24.11.1"],
  rust: ["1.75.0", "1.85.1", "1.96.0"],
  python: ["3.11.14", "3.12.12", "3.13.9"],
  ruby: ["3.2.9", "3.3.10", "3.4.7"],
};
const BUILT_WITH = {
  languages: ["python", "nodejs", "ruby", "java", "jdk", "dotnet", "aspnet"],
  leftOut: [],
};
const LINUX = { configured: "debian:12", others: [], refused: {} };

export interface Told {
  /** `FILE:LINE: MESSAGE`; undefined where the app is built. */
  error?: string;
  hint?: string | undefined;
  warnings: string[];
}

/** @param files texts by their paths */
export function toldOf(files: MemoryFiles, { frozen = false }: { frozen?: boolean } = {}): Told {
  const tree = memoryTree(files);
  const work = { ...NO_WORK, frozen };
  const input = {
    ...{ work, tree, foundBuildScript: null, foundStartScript: null, placeOf: () => undefined },
    ...{ isPrepared: false, isLayered: true, builtWith: BUILT_WITH, versions: {} },
  };
  try {
    const found = findParts(input);
    const parts = planParts(found, { ...input, place: "here" });
    const start = planStart({ ...input, parts });
    const names = parts.map(({ language }) => language.name);
    const requests = found.flatMap(
      ({ language }) => language.runtimes?.(tree, { languages: names }) ?? [],
    );
    const builder = { builder: undefined, builderFrom: { what: "build.builder" } };
    const runtimes = chooseRuntimes({ requests, ...builder, lists: LISTS, linux: LINUX });
    return { warnings: [...runtimes.warnings, ...warningsOf({ parts, start })] };
  } catch (error) {
    const { message, hint } = error as Error & { hint?: string };
    if (error instanceof UnavailableVersion) {
      return { error: `${formatOrigin(error.from)}: ${message}`, hint, warnings: [] };
    }
    if (!(error instanceof NuaError) || error.code !== "input") throw error;
    return { error: `${error.file}:${error.position?.line}: ${message}`, hint, warnings: [] };
  }
}
