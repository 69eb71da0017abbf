/** The runtimes that an app of Node's asks for. Pure. */
import { semver } from "../../lib/semver.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { Beside } from "../language.ts";
import type { RequestedRuntime } from "../runtime.ts";
import { callsProgram } from "./called-program.ts";
import type { ChosenManager } from "./managers/manager.ts";
import { bothRanges } from "./node-version.ts";
import { isBuildOnly } from "./of-app.ts";
import { type NodeOutput, outputOf } from "./output.ts";
import { chooseManager } from "./package-manager.ts";
import { type NodePin, nodePins } from "./pins.ts";
import { contextOf, type NodeProject, readProject } from "./project.ts";
import { nodeVersions } from "./versions.ts";

/** What Node an app asks for, and whether that is told to fit its package manager. */
export function requestedNode(tree: SourceTree): { pin: NodePin | null; warnings: string[] } {
  const { pin, warnings } = nodePins(tree);
  const chosen = chooseManager(tree);
  const limit = nodeOf(chosen);
  if (limit === null || (pin === null && semver.intersects(limit, nodeVersions.usual))) {
    return { pin, warnings };
  }
  const what = `${chosen.name} ${chosen.version}`;
  if (pin === null) return { pin: { range: limit, from: chosen.from }, warnings };
  const range = bothRanges(pin.range, limit);
  if (range === null) {
    const problem = `${what} needs Node ${limit}, and ${pin.from.what} asks for ${pin.range}`;
    return { pin, warnings: [...warnings, problem] };
  }
  return { pin: { ...pin, range }, warnings };
}

/** A site, and what another language serves, need Node while they are built. */
export function nodeRuntimes(tree: SourceTree, beside: Beside): RequestedRuntime[] {
  const project = readProject(tree, { member: null, frozen: false });
  const output = outputOf(project.app, contextOf(project, {}));
  const { pin } = requestedNode(tree);
  const needed = output.nodeRange;
  const both = pin === null || needed === null ? null : bothRanges(pin.range, needed.range);
  const range = both ?? pin?.range ?? needed?.range ?? "*";
  const from = pin?.from ?? needed?.from ?? { what: project.app.manifest.file ?? "package.json" };
  const bun = requestedBun(project, output);
  const isBuilder =
    output.site !== null ||
    (bun.length > 0 && !bunNeedsNode(project, output)) ||
    isBuildOnly(project.app, beside);
  return [
    ...bun,
    {
      language: "nodejs",
      ...(range === "*" ? {} : { range }),
      ...{ from, use: isBuilder ? "build" : "run" },
    },
  ];
}

// --- internal ---

/** In the version that the app is installed by, or else asks for. */
function requestedBun(
  { app, chosen }: NodeProject,
  { start, runtime }: NodeOutput,
): RequestedRuntime[] {
  if (start === null || runtime !== "bun") return [];
  const { engines } = app.manifest.raw;
  const asked =
    typeof engines === "object" && engines !== null && "bun" in engines ? engines.bun : null;
  const [range, from] = chosen.name === "bun" ? [chosen.version, chosen.from] : [asked, start.from];
  const isRange = typeof range === "string" && semver.validRange(range) !== null;
  return [{ language: "bun", ...(isRange ? { range, from } : { from: start.from }), use: "run" }];
}

/** Node installs what an app of bun's needs, and is of use to it afterwards only where it is called. */
function bunNeedsNode({ app, chosen }: NodeProject, { start }: NodeOutput): boolean {
  if (start === null) return false;
  const needing = ["node", "npm", chosen.name] as const;
  return needing.some((name) => name !== "bun" && callsProgram(app, name, [start.line]));
}

interface Row {
  name: ChosenManager["name"];
  versions: string;
  node: string;
}

/**
 * The Node that managers run on: the first row that fits. Source: `engines` in the registry; pnpm
 * before 7.33 and 8.3 has a client for HTTP that Node 20 broke (pnpm/pnpm#6424).
 */
const NODE_OF: readonly Row[] = [
  { name: "pnpm", versions: ">=11 <12", node: ">=22.13" },
  { name: "pnpm", versions: ">=9", node: ">=18.12" },
  { name: "pnpm", versions: ">=8.3 <9", node: ">=16.14" },
  { name: "pnpm", versions: ">=8 <8.3", node: ">=16.14 <20" },
  { name: "pnpm", versions: ">=7.33 <8", node: ">=14.6" },
  { name: "pnpm", versions: "<7.33", node: ">=14.6 <20" },
  { name: "yarn", versions: ">=4", node: ">=18.12" },
  { name: "npm", versions: ">=12", node: "^22.22.2 || ^24.15.0 || >=26" },
  { name: "npm", versions: ">=11 <12", node: "^20.17.0 || >=22.9.0" },
  { name: "npm", versions: ">=10 <11", node: "^18.17.0 || >=20.5.0" },
];

function nodeOf({ name, version, brought }: ChosenManager): string | null {
  if (version === null || brought !== null) return null;
  const rows = NODE_OF.filter((row) => row.name === name);
  return rows.find(({ versions }) => semver.intersects(versions, version))?.node ?? null;
}
