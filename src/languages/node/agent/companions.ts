/** Versions of npm, yarn and node-gyp for each version of Node.js. Pure. */
import { NuaError } from "../../../lib/errors.ts";
import { compareVersions } from "../../../lib/version-order.ts";

export interface NodeCompanions {
  /** The npm that this Node was maintained with; newer ones refuse it. */
  npm: string;
  /** npm's own node-gyp may be too old for today's Python; this is the newest that runs here. */
  nodeGyp: string;
}

/** By the version of Node, newest first; a Node takes the first that is not above it. */
const COMPANIONS: readonly (NodeCompanions & { node: string })[] = [
  { node: "24", npm: "11", nodeGyp: "11" },
  { node: "20.5", npm: "10", nodeGyp: "11" },
  { node: "19", npm: "9", nodeGyp: "10" },
  { node: "18.17", npm: "10", nodeGyp: "11" },
  { node: "18", npm: "9", nodeGyp: "10" },
  { node: "16", npm: "8", nodeGyp: "10" },
  { node: "14", npm: "6", nodeGyp: "9" },
];

export const YARN = "1";

/**
 * @param node its very version
 * @throws NuaError (usage) for a Node that is older than any in the table
 */
export function companionsOf(node: string): NodeCompanions {
  const found = COMPANIONS.find((row) => compareVersions(node, row.node) >= 0);
  if (found) return { npm: found.npm, nodeGyp: found.nodeGyp };
  throw new NuaError("usage", `Install Node ${node}: it is too old`, {
    hint: `use ${COMPANIONS.at(-1)!.node} or a newer one`,
  });
}
