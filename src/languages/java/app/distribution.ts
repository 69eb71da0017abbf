/**
 * Pure: which Maven or Gradle builds an app: the one of its wrapper. The wrapper's own program,
 * which the app brings, is never run: its distribution is fetched here, and checked.
 */
import { NuaError } from "../../../lib/errors.ts";
import { AGENT_SCRIPTS, PYTHON, TOOLS } from "../../../protocol/layout.ts";
import { type Origin, type PlannedRun, plannedRun } from "../../../protocol/planned-action.ts";
import type { SourceTree } from "../../../source/source-tree.ts";
import { readProperties } from "./properties-file.ts";

export interface Distribution {
  tool: "maven" | "gradle";
  version: string;
  url: string;
  /** Hexadecimal, with its algorithm; null: what stands beside the file is taken. */
  checksum: string | null;
  from: Origin;
  warnings: string[];
}

interface Kind {
  tool: Distribution["tool"];
  title: string;
  /** The wrapper's. */
  file: string;
  /** Matches the end of an address, with the version. */
  pattern: RegExp;
  /** Where the wrapper is not there. */
  usual: { version: string; checksum: string | null };
  urlOf(version: string): string;
  /** How a wrapper is made. */
  hint: string;
}

export const MAVEN: Kind = {
  tool: "maven",
  title: "Maven",
  file: ".mvn/wrapper/maven-wrapper.properties",
  pattern: /\/apache-maven-(\d+\.\d+\.\d+(?:-[\w.]+)?)-bin\.(?:zip|tar\.gz)$/,
  usual: {
    version: "3.9.11",
    checksum:
      "sha512:03e2d65d4483a3396980629f260e25cac0d8b6f7f2791e4dc20bc83f9514db8d0f05b0479e699a5f34679250c49c8e52e961262ded468a20de0be254d8207076",
  },
  urlOf: (version) =>
    `https://repo.maven.apache.org/maven2/org/apache/maven/apache-maven/${version}/apache-maven-${version}-bin.zip`,
  hint: "mvn wrapper:wrapper",
};

export const GRADLE: Kind = {
  tool: "gradle",
  title: "Gradle",
  file: "gradle/wrapper/gradle-wrapper.properties",
  pattern: /\/gradle-(\d+\.\d+(?:\.\d+)?(?:-[\w.]+?)?)-(?:bin|all)\.zip$/,
  usual: { version: "8.14.3", checksum: null },
  urlOf: (version) => `https://services.gradle.org/distributions/gradle-${version}-bin.zip`,
  hint: "gradle wrapper",
};

/**
 * @param manifest what says that it is built by it
 * @throws NuaError (input) for a wrapper that names no distribution that can be had
 */
export function distributionOf(tree: SourceTree, kind: Kind, manifest: string): Distribution {
  const { tool, title, file, usual, hint } = kind;
  if (tree.text(file) === undefined) {
    const { version, checksum } = usual;
    const told = `there is no ${file}: ${title} ${version} is taken; ${hint} makes one`;
    const warnings = tool === "gradle" ? [told] : [];
    return {
      tool,
      version,
      url: kind.urlOf(version),
      checksum,
      from: { what: manifest },
      warnings,
    };
  }
  const properties = readProperties(tree, file);
  const named = properties.get("distributionUrl");
  const from = { what: file, ...(named === undefined ? {} : { line: named.line }) };
  const url = named?.value ?? "";
  const version = kind.pattern.exec(url)?.[1];
  if (version === undefined || !ADDRESS.test(url)) throw noDistribution(kind, url, named?.line);
  const sum = properties.get("distributionSha256Sum")?.value.toLowerCase();
  if (sum !== undefined && !/^[0-9a-f]{64}$/.test(sum)) {
    throw new NuaError("input", `Read "${file}": distributionSha256Sum is no SHA-256`, {
      ...{ file, position: { line: properties.get("distributionSha256Sum")!.line, column: 1 } },
      hint: "write the 64 digits that the project publishes beside the distribution",
    });
  }
  const plain = url.startsWith("http:") && sum === undefined;
  const told = `${file}:${named!.line}: ${title} comes by plain HTTP, and nothing says what it has to be: distributionSha256Sum does`;
  return {
    ...{ tool, version, from },
    // The one without sources is smaller; what is checked by a checksum of the app's is that very file.
    url: sum === undefined ? url.replace(/-all\.zip$/, "-bin.zip") : url,
    checksum: sum === undefined ? null : `sha256:${sum}`,
    warnings: plain ? [told] : [],
  };
}

/** Where it is, in no image. */
export function homeOf(tool: Distribution["tool"]): string {
  return `${TOOLS}/${tool}/home`;
}

/** Fetches, checks and unpacks it; its program is on the PATH then. */
export function fetchCommand(
  { tool, version, url, checksum, from }: Distribution,
  place: Pick<PlannedRun, "user" | "cwd" | "needs">,
): PlannedRun {
  const words = [PYTHON, FETCH, tool, version, url, checksum ?? "-"];
  return plannedRun(words, { ...place, from });
}

// --- internal ---

const FETCH = `${AGENT_SCRIPTS}/fetch_build_tool.py`;

const ADDRESS = /^https?:\/\/[\w.:-]+\/[\w./+~%-]+$/;

function noDistribution({ title, file, hint }: Kind, url: string, line = 1): NuaError {
  const what =
    url === "" ? "there is no distributionUrl" : `"${url.slice(0, 120)}" is no address of ${title}`;
  return new NuaError("input", `Read "${file}": ${what}`, {
    ...{ file, position: { line, column: 1 } },
    hint: `write the address of a distribution of ${title}; ${hint} does`,
  });
}
