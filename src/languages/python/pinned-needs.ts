/**
 * Pure: the Python that requirements need: an app that has nothing but these says so by the
 * versions that it pins. Known of a few packages that many apps stand upon.
 */
import { lte } from "@renovatebot/pep440";
import type { SourceTree } from "../../source/source-tree.ts";
import { isVersion, readRequirement } from "./manifests/requirement.ts";
import { requirementFiles } from "./manifests/requirement-lines.ts";
import { findRequirements } from "./requirements.ts";

export interface PinnedNeed {
  /** The oldest Python, such as "3.12". */
  python: string;
  /** The requirement. */
  text: string;
  file: string;
  line: number;
}

/** The highest need; undefined where none of those that are known is pinned. */
export function pinnedNeed(tree: SourceTree): PinnedNeed | undefined {
  const file = findRequirements(tree);
  if (file === null) return undefined;
  const found = requirementFiles(tree, file).flatMap(({ name, lines }) =>
    lines.flatMap(({ text, line }) => {
      const python = needOf(text);
      return python === undefined ? [] : [{ python, text: text.trim(), file: name, line }];
    }),
  );
  return found.sort((a, b) => minor(b) - minor(a))[0];
}

// --- internal ---

/** The first versions that need a Python. Source: Requires-Python on pypi.org. */
const NEEDS: Readonly<Record<string, readonly (readonly [version: string, python: string])[]>> = {
  django: [
    ["6.0", "3.12"],
    ["5.0", "3.10"],
    ["4.0", "3.8"],
  ],
  numpy: [
    ["2.5", "3.12"],
    ["2.3", "3.11"],
    ["2.1", "3.10"],
    ["1.25", "3.9"],
  ],
  pandas: [
    ["3.0", "3.11"],
    ["2.1", "3.9"],
  ],
  scipy: [
    ["1.18", "3.12"],
    ["1.16", "3.11"],
    ["1.14", "3.10"],
    ["1.11", "3.9"],
  ],
  "scikit-learn": [
    ["1.8", "3.11"],
    ["1.7", "3.10"],
    ["1.4", "3.9"],
  ],
  matplotlib: [
    ["3.11", "3.11"],
    ["3.10", "3.10"],
    ["3.8", "3.9"],
  ],
  networkx: [
    ["3.7", "3.12"],
    ["3.5", "3.11"],
    ["3.3", "3.10"],
    ["3.2", "3.9"],
  ],
};

function needOf(text: string): string | undefined {
  const requirement = readRequirement(text.replace(/\s--hash=\S+/g, ""));
  const rows = requirement === null ? undefined : NEEDS[requirement.name];
  if (requirement === null || rows === undefined) return undefined;
  const least = /(?:^|,)\s*(?:===?|>=|~=)\s*([^,\s*]+?)(?:\.\*)?\s*(?:,|$)/.exec(
    requirement.range,
  )?.[1];
  if (least === undefined || !isVersion(least)) return undefined;
  return rows.find(([version]) => lte(version, least))?.[1];
}

function minor({ python }: PinnedNeed): number {
  return Number(python.split(".")[1]);
}
