/** Finds, downloads and verifies packages of an npm registry. */
import { createHash, timingSafeEqual } from "node:crypto";
import * as v from "valibot";
import { NuaError } from "../lib/errors.ts";
import { publicUrl } from "../lib/secrets.ts";
import { withSlash } from "../lib/urls.ts";
import { matchingVersions } from "../lib/version-order.ts";
import { NPM_REGISTRY_VARIABLE, PUBLIC_NPM_REGISTRY } from "../registries/npm.ts";
import type { InstallTools } from "./installer.ts";

const distSchema = v.object({ tarball: v.string(), integrity: v.string() });

const packageSchema = v.object({
  versions: v.record(v.string(), v.object({ dist: v.partial(distSchema) })),
});

export interface NpmRegistry extends Pick<InstallTools, "fetch"> {
  url: string;
}

export interface FetchedPackage {
  version: string;
  /** A gzipped tar; everything in it is below one folder. */
  tarball: Buffer;
}

/**
 * Fetches the newest version of a package that a wish allows and whose tarball is there: some
 * versions of Node were announced in the registry and never uploaded.
 * @param wanted a version or the beginning of one, such as "20"
 * @throws NuaError (input) when there is none, (transient) when the registry does not answer
 */
export async function fetchPackage(
  registry: NpmRegistry,
  name: string,
  wanted: string,
): Promise<FetchedPackage> {
  const { versions } = await fetchMetadata(registry, name);
  for (const version of matchingVersions(wanted, Object.keys(versions))) {
    const dist = v.safeParse(distSchema, versions[version]?.dist);
    if (!dist.success) continue;
    const url = tarballUrl(registry.url, dist.output.tarball);
    const tarball = await registry.fetch(url, NPM_REGISTRY_VARIABLE);
    if (tarball === null) continue;
    checkIntegrity(tarball, dist.output.integrity, `${name}@${version}`);
    return { version, tarball };
  }
  throw new NuaError(
    "input",
    `Fetch "${name}@${wanted}" from ${publicUrl(registry.url)}: there is none`,
    {
      hint: `versions there: ${newestOfEachMajor(Object.keys(versions)).join(", ")}`,
    },
  );
}

/**
 * @param integrity Subresource Integrity: one or more of `algorithm-base64`
 * @throws NuaError (input) when no sha512 is among them, or it is another
 */
export function checkIntegrity(content: Buffer, integrity: string, what: string): void {
  const expected = /(?:^|\s)sha512-([\w+/]+=*)/.exec(integrity)?.[1];
  const actual = createHash("sha512").update(content).digest();
  const wanted = Buffer.from(expected ?? "", "base64");
  if (wanted.length === actual.length && timingSafeEqual(wanted, actual)) return;
  throw new NuaError(
    "input",
    `Check "${what}": expected ${integrity}, got sha512-${actual.toString("base64")}`,
    { hint: "the registry or something before it changes what it hands out; use another" },
  );
}

/**
 * A tarball of the public registry is fetched from the one that is set: mirrors keep addresses.
 * One of that registry's own is for the same name and password.
 */
export function tarballUrl(registry: string, tarball: string): string {
  if (tarball.startsWith(PUBLIC_NPM_REGISTRY)) {
    return withSlash(registry) + tarball.slice(PUBLIC_NPM_REGISTRY.length);
  }
  const open = publicUrl(registry);
  const isOwn = open !== registry && tarball.startsWith(new URL(open).origin);
  return isOwn ? tarball.replace("://", `://${userOf(registry)}`) : tarball;
}

// --- internal ---

async function fetchMetadata(registry: NpmRegistry, name: string) {
  const url = withSlash(registry.url) + name;
  const body = await registry.fetch(url, NPM_REGISTRY_VARIABLE);
  const parsed = body === null ? null : v.safeParse(packageSchema, parseJson(body));
  if (parsed?.success) return parsed.output;
  const problem = parsed === null ? "there is no such package" : "the answer is not a registry's";
  throw new NuaError("input", `Read "${publicUrl(url)}": ${problem}`, {
    hint: `name an npm registry with ${NPM_REGISTRY_VARIABLE}`,
  });
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}

function newestOfEachMajor(versions: readonly string[]): string[] {
  const majors = [...new Set(versions.map((version) => version.split(".")[0] ?? ""))];
  return majors
    .sort((a, b) => Number(b) - Number(a))
    .flatMap((major) => matchingVersions(major, versions)[0] ?? []);
}

/** `NAME:PASSWORD@`, as the address has it. */
function userOf(address: string): string {
  return /:\/\/([^/@]*@)/.exec(address)?.[1] ?? "";
}
