/** Pure: the package indexes that manifests name, as options of pip. */
import { hideCredentials } from "../../lib/secrets.ts";
import type { Pyproject } from "./manifests/pyproject.ts";
import { indexSource } from "./package-managers/locked-package.ts";
import type { Pipfile } from "./package-managers/pipfile.ts";

export interface Indexes {
  /** Words for pip; none where the usual index does. */
  options: readonly string[];
  warnings: readonly string[];
}

/** Those that are asked for any package; one that is only for some is asked for these alone. */
export function planIndexes(
  pyproject: Pyproject | undefined,
  pipfile: Pipfile | undefined,
): Indexes {
  const { main, others } = pipfile === undefined ? ofPyproject(pyproject) : ofPipfile(pipfile);
  const usable = [main, ...others].filter((url) => url !== undefined).filter(isAddress);
  const hiding = usable.filter((url) => hideCredentials(url) !== url);
  const open = usable.filter((url) => !hiding.includes(url));
  const isUsual = (url: string) => indexSource(url).kind === "index" && isUsualIndex(url);
  return {
    options: open.flatMap((url) =>
      isUsual(url) && url === main ? [] : [url === main ? "--index-url" : "--extra-index-url", url],
    ),
    warnings: hiding.map(
      (url) =>
        `the index ${hideCredentials(url)} is not asked: its address holds a password, which the setting pip.index may have`,
    ),
  };
}

/** Whether an address is the index that is asked anyway. */
export function isUsualIndex(url: string): boolean {
  const source = indexSource(url);
  return source.kind === "index" && source.url === null;
}

// --- internal ---

interface Found {
  main: string | undefined;
  others: readonly (string | undefined)[];
}

function isAddress(url: string): boolean {
  return /^(https?|file):\/\/[^\s"'\\`]+$/.test(url);
}

function ofPipfile({ source }: Pipfile): Found {
  const [first, ...rest] = source.map(({ url }) => url);
  return { main: first, others: rest };
}

function ofPyproject(pyproject: Pyproject | undefined): Found {
  const { uv, poetry, pdm } = pyproject?.tool ?? {};
  if (uv !== undefined) {
    const main = uv.index.find((one) => one.default === true)?.url ?? uv["index-url"];
    const open = uv.index.filter((one) => one.default !== true && one.explicit !== true);
    return { main, others: [...open.map(({ url }) => url), ...uv["extra-index-url"]] };
  }
  if (poetry !== undefined) {
    const asked = poetry.source.filter(({ priority }) => priority !== "explicit");
    const primary = asked.filter(({ priority = "primary" }) =>
      ["primary", "default"].includes(priority),
    );
    const main = primary.some(({ name }) => name.toLowerCase() === "pypi")
      ? undefined
      : primary[0]?.url;
    return { main, others: asked.map(({ url }) => url).filter((url) => url !== main) };
  }
  const sources = pdm?.source.filter(({ type = "index" }) => type === "index") ?? [];
  const main = sources.find(({ name }) => name === "pypi")?.url;
  return { main, others: sources.map(({ url }) => url).filter((url) => url !== main) };
}
