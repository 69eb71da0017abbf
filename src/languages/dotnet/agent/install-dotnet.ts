/** Installs .NET: the distribution's packages if their version fits, else Microsoft's own build. */
import { join } from "node:path";
import { NuaError } from "../../../lib/errors.ts";
import { publicUrl } from "../../../lib/secrets.ts";
import { withSlash } from "../../../lib/urls.ts";
import { type Command, run } from "../../../protocol/command.ts";
import { DOTNET_DIST, DOTNET_DIST_VARIABLE } from "../../../registries/nuget.ts";
import { fetchChecked } from "../../fetch-checked.ts";
import type { InstallRequest, InstallTools } from "../../installer.ts";
import { channelPath, findArchive, type Product } from "./releases.ts";

/** The Debian packages that an image with it needs, below the root; one on each line. */
export const DOTNET_PACKAGES = "nua/dotnet_packages";

/** Where it is, below the root. */
export const DOTNET_ROOT = "usr/local/share/dotnet";

/**
 * @param request.folder "/" installs here. Any other folder gets what is to be copied to an image's
 *   top, and DOTNET_PACKAGES below it: what is to be installed there.
 * @throws NuaError (input) when there is no such version, or it is not what its server says of it;
 *   (transient) when that does not answer
 * @throws CommandError (build) when apt or unpacking fails
 */
export async function installProduct(
  product: Product,
  { wanted, folder: root }: InstallRequest,
  tools: InstallTools,
): Promise<void> {
  const { execute, write } = tools;
  const series = wanted.split(".").slice(0, 2).join(".");
  const known = await askApt(packageOf(product, series), tools);
  if (known.version !== null && isWanted(known.version, wanted)) {
    write(`==> Install the distribution's ${TITLES[product]} ${known.version}\n`);
    return execute(placePackages([packageOf(product, series)], root, tools));
  }
  const { version, file } = await fetchProduct(product, { wanted, series }, tools);
  write(`==> Install ${TITLES[product]} ${version} in ${root}\n`);
  const top = root === "/" ? "" : root;
  const target = `${top}/${DOTNET_ROOT}`;
  await execute([
    run(["mkdir", "-p", target, `${top}/usr/local/bin`, `${top}/etc/dotnet`]),
    // Nothing may land outside: what is checked is Microsoft's, and tar takes such names away.
    run([
      "tar",
      "--extract",
      "--gzip",
      `--file=${file}`,
      `--directory=${target}`,
      "--no-same-owner",
    ]),
    run(["ln", "-sfn", `../share/dotnet/dotnet`, `${top}/usr/local/bin/dotnet`]),
    // What programs with a name of their own look for it by.
    {
      ...{ kind: "write", path: join(root, "etc/dotnet/install_location"), mode: 0o644 },
      text: `/${DOTNET_ROOT}\n`,
    },
    ...placePackages([...(isOld(series) ? [] : known.icu), "tzdata"], root, tools),
  ]);
}

// --- internal ---

const TITLES: Readonly<Record<Product, string>> = {
  Sdk: ".NET SDK",
  Runtime: ".NET runtime",
  "aspnetcore/Runtime": "ASP.NET Core runtime",
};

/** As .NET calls them. */
const PROCESSORS: Readonly<Record<string, string>> = { x64: "linux-x64", arm64: "linux-arm64" };

/** Those know no ICU as new as those of Linux bases. */
function isOld(series: string): boolean {
  return Number.parseInt(series, 10) < 6;
}

/** Source: packages.ubuntu.com. */
function packageOf(product: Product, series: string): string {
  const names = {
    Sdk: "dotnet-sdk",
    Runtime: "dotnet-runtime",
    "aspnetcore/Runtime": "aspnetcore-runtime",
  };
  return `${names[product]}-${series}`;
}

interface Known {
  /** Of the distribution's package; null where it has none. */
  version: string | null;
  /** The package of ICU, which has its version in its name. */
  icu: string[];
}

async function askApt(name: string, { execute, debian }: InstallTools): Promise<Known> {
  const known: Known = { version: null, icu: [] };
  const readPolicy = (text: string): Command[] => {
    known.version = /^\s*Candidate: (?:\d+:)?(\d+\.\d+\.\d+)/m.exec(text)?.[1] ?? null;
    return [];
  };
  const readNames = (text: string): Command[] => {
    const names = text.split(/\s+/).filter((one) => /^libicu\d+(?:t64)?$/.test(one));
    known.icu = names.toSorted((a, b) => numberIn(b) - numberIn(a)).slice(0, 1);
    return [];
  };
  await execute([
    debian.updateLists(),
    { kind: "derive", query: run(["apt-cache", "policy", name]), next: readPolicy },
    { kind: "derive", query: run(["apt-cache", "pkgnames", "libicu"]), next: readNames },
  ]);
  return known;
}

function numberIn(name: string): number {
  return Number.parseInt(name.replace(/\D+/, ""), 10);
}

/** The same, or of a series that it is of. */
function isWanted(version: string, wanted: string): boolean {
  return version === wanted || version.startsWith(`${wanted}.`);
}

function placePackages(
  names: readonly string[],
  root: string,
  { debian }: InstallTools,
): Command[] {
  if (root === "/") return debian.install(names);
  const text = names.map((name) => `${name}\n`).join("");
  return [{ kind: "write", path: join(root, DOTNET_PACKAGES), text, mode: 0o644 }];
}

async function fetchProduct(
  product: Product,
  { wanted, series }: { wanted: string; series: string },
  tools: InstallTools,
): Promise<{ version: string; file: string }> {
  const { settings, env, fetch } = tools;
  const rid = PROCESSORS[process.arch];
  if (rid === undefined) throw noProcessor();
  const server = withSlash(settings.dotnetDist || env[DOTNET_DIST_VARIABLE] || DOTNET_DIST);
  const list = await fetch(server + channelPath(series), DOTNET_DIST_VARIABLE);
  const found = findArchive(list?.toString("utf8") ?? "", { product, wanted, rid });
  if (found === null) {
    const said = `Fetch ${TITLES[product]} "${wanted}" from ${publicUrl(server)}: there is none`;
    const hint = `name a server that has it with ${DOTNET_DIST_VARIABLE}`;
    throw new NuaError("input", said, { hint });
  }
  const { version, path, sha512 } = found;
  const archive = {
    url: server + path,
    sha512,
    name: "dotnet.tar.gz",
    mirror: DOTNET_DIST_VARIABLE,
  };
  return { version, file: await fetchChecked(archive, tools) };
}

function noProcessor(): NuaError {
  return new NuaError("input", `Install .NET: there is none for the processor "${process.arch}"`, {
    hint: `use one of ${Object.keys(PROCESSORS).join(", ")}`,
  });
}
