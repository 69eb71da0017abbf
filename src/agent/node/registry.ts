/** Packages of an npm registry: found, fetched and checked. */
import { createHash, timingSafeEqual } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { rootCertificates } from "node:tls";
import * as v from "valibot";
import { NuaError } from "../../shared/errors.ts";
import { matchingVersions } from "./versions.ts";

export const PUBLIC_REGISTRY = "https://registry.npmjs.org/";

/** Seconds to wait before each further attempt. */
const PAUSES = [1, 3, 9];

/** Seconds that one request may take. */
const REQUEST_TIMEOUT = 300;

const distSchema = v.object({ tarball: v.string(), integrity: v.string() });

const packageSchema = v.object({
  versions: v.record(v.string(), v.object({ dist: v.partial(distSchema) })),
});

export interface Registry {
  url: string;
  /** Certificates in PEM that are trusted beside the usual ones. */
  ca?: string | undefined;
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
  { url: registry, ca }: Registry,
  name: string,
  wanted: string,
): Promise<FetchedPackage> {
  const { versions } = await fetchMetadata({ url: registry, ca }, name);
  for (const version of matchingVersions(wanted, Object.keys(versions))) {
    const dist = v.safeParse(distSchema, versions[version]?.dist);
    if (!dist.success) continue;
    const tarball = await request(tarballUrl(registry, dist.output.tarball), ca);
    if (tarball === null) continue;
    checkIntegrity(tarball, dist.output.integrity, `${name}@${version}`);
    return { version, tarball };
  }
  throw new NuaError("input", `Fetch "${name}@${wanted}" from ${show(registry)}: there is none`, {
    hint: `versions there: ${newestOfEachMajor(Object.keys(versions)).join(", ")}`,
  });
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

/** A tarball of the public registry is fetched from the one that is set: mirrors keep addresses. */
export function tarballUrl(registry: string, tarball: string): string {
  return tarball.startsWith(PUBLIC_REGISTRY)
    ? withSlash(registry) + tarball.slice(PUBLIC_REGISTRY.length)
    : tarball;
}

// --- internal ---

async function fetchMetadata(registry: Registry, name: string) {
  const url = withSlash(registry.url) + name;
  const body = await request(url, registry.ca);
  const parsed = body === null ? null : v.safeParse(packageSchema, parseJson(body));
  if (parsed?.success) return parsed.output;
  const problem = parsed === null ? "there is no such package" : "the answer is not a registry's";
  throw new NuaError("input", `Read "${show(url)}": ${problem}`, {
    hint: "name an npm registry with NUA_NPM_REGISTRY",
  });
}

/** The body of an answer; null when the registry says that there is nothing. */
async function request(url: string, ca: string | undefined): Promise<Buffer | null> {
  let problem = "";
  for (const pause of [0, ...PAUSES]) {
    await sleep(pause * 1000);
    try {
      const response = await fetch(url, {
        signal: AbortSignal.timeout(REQUEST_TIMEOUT * 1000),
        ...(ca === undefined ? {} : { tls: { ca: [...rootCertificates, ca] } }),
      });
      if (response.ok) return Buffer.from(await response.arrayBuffer());
      if ([403, 404, 410].includes(response.status)) return null;
      problem = `status ${response.status}`;
    } catch (cause) {
      problem = cause instanceof Error ? cause.message : String(cause);
    }
  }
  throw new NuaError("transient", `Fetch "${show(url)}": ${problem}`, {
    hint: "check the network and the proxy, or name a mirror with NUA_NPM_REGISTRY",
  });
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}

function withSlash(registry: string): string {
  return registry.endsWith("/") ? registry : `${registry}/`;
}

/** An address without the password that it may hold. */
function show(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//");
}

function newestOfEachMajor(versions: readonly string[]): string[] {
  const majors = [...new Set(versions.map((version) => version.split(".")[0] ?? ""))];
  return majors
    .sort((a, b) => Number(b) - Number(a))
    .flatMap((major) => matchingVersions(major, versions)[0] ?? []);
}
