/** Debian packages: installed, and those for the build removed again. */

import { warn } from "../../protocol/command.ts";
import { BUILD } from "../../protocol/layout.ts";
import type { Action, Facts } from "../action.ts";
import {
  cleanApt,
  hasAptTraces,
  installKept,
  installTemporary,
  packagesOf,
  purgeTemporary,
} from "../apt.ts";
import { installsDependencies } from "../layer.ts";
import { pipInstall } from "../pip.ts";

interface MetaPackage {
  /** Debian packages that stay. */
  run: readonly string[];
  /** Debian packages for the build only. */
  build: readonly string[];
  pip: readonly string[];
}

const POSTGRES: MetaPackage = { run: ["libpq-dev"], build: [], pip: ["psycopg2-binary"] };

/** What the names in `meta-packages` and in a provider's `connector` stand for. */
export const META_PACKAGES: Readonly<Record<string, MetaPackage>> = {
  psycopg2: POSTGRES,
  "postgres-client": POSTGRES,
  "mariadb-client": {
    run: ["libmariadb3", "mariadb-client"],
    build: ["libmariadb-dev", "python3-dev", "build-essential"],
    pip: ["mariadb"],
  },
};

/** Packages that stay come first: what they need is then not taken for the build's. */
export const runPackages: Action = {
  name: "run-packages",
  describe: (facts) =>
    announce("Install packages", keptPackages(facts)) ??
    announce("Skip meta-packages", unknownNames(facts)),
  commands: (facts) => [
    ...unknownNames(facts).map((name) => warn(`${UNKNOWN} "${name}"; there are ${KNOWN}`)),
    ...installKept(keptPackages(facts)),
  ],
};

export const buildPackages: Action = {
  name: "build-packages",
  describe: (facts) => announce("Install packages for the build", temporaryPackages(facts)),
  commands: (facts) => installTemporary(temporaryPackages(facts), facts.tree),
};

export const metaPackages: Action = {
  name: "meta-packages",
  describe: (facts) =>
    installsDependencies(facts.input)
      ? announce("Install Python connectors", metaParts(facts, "pip"))
      : null,
  commands: (facts) => [
    pipInstall(facts, metaParts(facts, "pip"), { cwd: BUILD, from: "build.meta-packages" }),
  ],
};

export const removePackages: Action = {
  name: "remove-packages",
  describe: ({ tree, baseline }) =>
    hasAptTraces(tree, baseline) ? "Remove what only the build needed" : null,
  commands: ({ tree, baseline }) => [...purgeTemporary(baseline), ...cleanApt(tree)],
};

// --- internal ---

const UNKNOWN = "nothing is known of meta-package";
const KNOWN = Object.keys(META_PACKAGES).join(", ");

function keptPackages(facts: Facts): string[] {
  return [...packagesOf(facts, "run"), ...metaParts(facts, "run")];
}

function temporaryPackages(facts: Facts): string[] {
  return [...packagesOf(facts, "build"), ...metaParts(facts, "build")];
}

function metaParts(facts: Facts, kind: keyof MetaPackage): string[] {
  const parts = facts.input.metaPackages.flatMap((name) => META_PACKAGES[name]?.[kind] ?? []);
  return [...new Set(parts)];
}

function unknownNames({ input }: Facts): string[] {
  return input.metaPackages.filter((name) => !(name in META_PACKAGES));
}

function announce(what: string, names: readonly string[]): string | null {
  return names.length === 0 ? null : `${what}: ${names.join(", ")}`;
}
