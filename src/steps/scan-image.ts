/** Scans an image for passwords, addresses and certificates of the network settings. */

import { BASE_LABEL } from "../images/archive/read-archive.ts";
import { ArchiveScan } from "../images/archive/scan-archive.ts";
import { withPrefix } from "../lib/digest.ts";
import { NuaError } from "../lib/errors.ts";
import { publicUrl, secretsOf } from "../lib/secrets.ts";
import type { ByteChunks } from "../lib/tar/byte-reader.ts";
import { TextSearch } from "../lib/text-search.ts";
import type { NetworkSettings } from "../protocol/network-settings.ts";
import { REGISTRY_SETTINGS } from "../registries/registries.ts";
import { pemBlocks } from "../session/network-settings.ts";
import type { BuiltImage } from "./build-image.ts";
import type { Step } from "./step.ts";

/**
 * Sees that nothing of the network settings is in what the build has added to its base: passwords
 * are an error, addresses and certificates are told, as they may be the app's own.
 */
export const scanImageStep: Step<{ image: BuiltImage }, void> = {
  name: "scan-image",
  async run({ image }, session) {
    const traces = listTraces(await session.networkSettings());
    if (traces.length === 0) return;
    const engine = await session.engine();
    const name = image.labels[BASE_LABEL];
    const base = name === undefined ? undefined : await engine.findImage(name);
    const source = image.packed?.chunks() ?? engine.save(image.id);
    const found = await findTraces(source, traces, new Set(base?.diffIds));
    const secret = found.find(({ trace }) => trace.isSecret);
    if (secret !== undefined) throw leaked(image.tag, secret);
    for (const { trace, place } of found) {
      session.report.warn(`${image.tag} holds ${trace.what}, which only the build needs: ${place}`);
    }
    if (found.length === 0) session.report.detail("Nothing of mirrors and proxies is in the image");
  },
};

export interface Trace {
  /** For messages: not the text itself. */
  what: string;
  text: string;
  isSecret: boolean;
}

/** What of the network settings may not turn up in an image. */
export function listTraces(networkSettings: NetworkSettings): Trace[] {
  const { ca, noProxy: _, rewrites, ...others } = networkSettings;
  const addresses = Object.fromEntries(
    Object.entries(others).filter(([name]) => !HOST_SETTINGS.includes(name)),
  );
  // Several addresses may have one password.
  const secrets = Map.groupBy(
    Object.entries({ ...addresses, rewrites }).flatMap(([key, value = ""]) =>
      secretsOf([value]).map((text) => ({ key, text })),
    ),
    ({ text }) => text,
  );
  const passwords = [...secrets].map(([text, settings]) => {
    const keys = [...new Set(settings.map(({ key }) => key))].join(" and ");
    return { what: `the password of ${keys}`, text, isSecret: true };
  });
  const places = Object.entries(addresses).flatMap(([key, value = ""]) =>
    URL.canParse(value)
      ? [{ what: `the address of ${key}`, text: hostOf(value), isSecret: false }]
      : [],
  );
  const certificates = pemBlocks(ca ?? "").map((block) => ({
    ...{ what: "a certificate of the build", text: block.split("\n")[1] ?? "", isSecret: false },
  }));
  return [...passwords, ...places, ...certificates].filter(({ text }) => text !== "");
}

/**
 * @param source an image, as an engine saves it
 * @param base digests of layers in which nothing is looked for
 */
export async function findTraces(
  source: ByteChunks,
  traces: readonly Trace[],
  base: ReadonlySet<string>,
): Promise<{ trace: Trace; place: string }[]> {
  const scan = new ArchiveScan("Scan image");
  const found: { trace: Trace; place: string }[] = [];
  const take = (search: TextSearch, place: string) => {
    for (const index of search.found) found.push({ trace: traces[index]!, place });
  };
  const texts = traces.map(({ text }) => text);
  for await (const layer of scan.layers(source)) {
    const { promisedDiffId } = layer;
    // Its content is not asked for: the engine vouches for it.
    if (promisedDiffId !== undefined && base.has(withPrefix(promisedDiffId))) layer.trust();
    else {
      const search = new TextSearch(texts);
      for await (const chunk of layer.content) search.add(chunk);
      const digest = withPrefix((await layer.finish()).diffId);
      if (!base.has(digest)) take(search, `layer ${digest}`);
    }
  }
  for (const [name, { bytes }] of scan.documents) {
    const search = new TextSearch(texts);
    search.add(bytes);
    take(search, name);
  }
  return found;
}

// --- internal ---

/** Names of hosts, and no addresses. */
const HOST_SETTINGS: readonly string[] = REGISTRY_SETTINGS.filter(
  ({ holds }) => holds === "hosts",
).map(({ name }) => name);

/** With its scheme and path: a host alone may be that of a link in a page of documentation. */
function hostOf(address: string): string {
  return publicUrl(address).replace(/\/+$/, "");
}

function leaked(tag: string, { trace, place }: { trace: Trace; place: string }): NuaError {
  return new NuaError("check", `Scan image "${tag}": ${trace.what} is in ${place}`, {
    step: "scan-image",
    hint: "see which command of the build writes it down, and have it removed again",
  });
}
