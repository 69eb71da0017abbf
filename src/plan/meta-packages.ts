/** What the names in `meta-packages` and in a provider's `connector` stand for. */

export interface MetaPackage {
  /** Debian packages that stay. */
  run: readonly string[];
  /** Debian packages for the build only. */
  build: readonly string[];
  pip: readonly string[];
}

const POSTGRES: MetaPackage = { run: ["libpq-dev"], build: [], pip: ["psycopg2-binary"] };

export const META_PACKAGES: Readonly<Record<string, MetaPackage>> = {
  psycopg2: POSTGRES,
  "postgres-client": POSTGRES,
  "mariadb-client": {
    run: ["libmariadb3", "mariadb-client"],
    build: ["libmariadb-dev", "python3-dev", "build-essential"],
    pip: ["mariadb"],
  },
};

/** What several stand for together, each once. */
export function metaParts(names: readonly string[], kind: keyof MetaPackage): string[] {
  return [...new Set(names.flatMap((name) => META_PACKAGES[name]?.[kind] ?? []))];
}

/** A warning for each name that nothing is known of. */
export function unknownMetaPackages(names: readonly string[]): string[] {
  const known = Object.keys(META_PACKAGES).join(", ");
  return names
    .filter((name) => !(name in META_PACKAGES))
    .map((name) => `nothing is known of meta-package "${name}"; there are ${known}`);
}
