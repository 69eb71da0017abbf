/** Checks mirrors, proxies and certificates. */
import { X509Certificate } from "node:crypto";
import { connect } from "node:net";
import { rootCertificates } from "node:tls";
import { NuaError } from "../lib/errors.ts";
import { publicUrl } from "../lib/secrets.ts";
import type { NetworkSettings } from "../protocol/network-settings.ts";
import { REGISTRY_SETTINGS } from "../registries/registries.ts";
import { pemBlocks } from "../session/network-settings.ts";
import type { Session } from "../session/session.ts";
import type { Settings } from "../session/settings.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

/** What is set only: what programs turn to by themselves is theirs. */
export async function checkAddresses(session: Session): Promise<Finding[]> {
  let networkSettings: NetworkSettings;
  try {
    networkSettings = await session.networkSettings();
  } catch (error) {
    if (!(error instanceof NuaError)) throw error;
    return [fail("settings", error.message, error.hint ?? "correct them")];
  }
  const { ca, httpProxy, httpsProxy } = networkSettings;
  const certificates = ca === undefined ? [] : [checkCertificates(ca)];
  const proxies = [
    ...(httpProxy === undefined ? [] : [checkProxy("NUA_HTTP_PROXY", httpProxy)]),
    ...(httpsProxy === undefined ? [] : [checkProxy("NUA_HTTPS_PROXY", httpsProxy)]),
  ];
  const mirrors = MIRRORS.flatMap(({ name, setting, variable, path }) => {
    const value = session.settings[setting].trim();
    // Lines of sources.list(5) stand for several mirrors.
    if (value === "" || /^deb\s/m.test(value)) return [];
    const address = `${value.includes("://") ? "" : "https://"}${value}`;
    const url = `${address.replace(/\/+$/, "")}/${path}`;
    return [checkMirror({ name, variable, url, ca }, session.signal)];
  });
  return (await Promise.all([...certificates, ...proxies, ...mirrors])).flat();
}

/** @param now milliseconds since 1970 */
export function checkCertificates(pem: string, now = Date.now()): Finding {
  const name = "certificates";
  const hint = "renew it, and put it where NUA_CA points";
  const dates = pemBlocks(pem).map((block) => {
    const { subject, validTo } = new X509Certificate(block);
    return { subject: subject.replaceAll("\n", ", "), end: new Date(validTo) };
  });
  const first = dates.sort((one, other) => one.end.getTime() - other.end.getTime())[0];
  if (first === undefined) return ok(name, "none");
  const left = first.end.getTime() - now;
  const day = first.end.toISOString().slice(0, 10);
  if (left < 0) return fail(name, `"${first.subject}" was valid until ${day}`, hint);
  if (left < SOON) return warn(name, `"${first.subject}" is valid until ${day}`, hint);
  return ok(name, `${dates.length}, the first of which ends on ${day}`);
}

// --- internal ---

/** Milliseconds that an address is given to answer. */
const PATIENCE = 10_000;

/** Milliseconds that the clock of this machine may differ from that of a server. */
const CLOCK_TOLERANCE = 300_000;

/** Milliseconds before the end of a certificate at which it is told. */
const SOON = 30 * 24 * 3600 * 1000;

interface Mirror {
  name: string;
  setting: keyof Settings;
  variable: string;
  /** Below the address: something that is there. */
  path: string;
}

const MIRRORS: readonly Mirror[] = [
  ...REGISTRY_SETTINGS.flatMap(({ name: setting, variable, check }) =>
    check === undefined ? [] : [{ ...check, setting, variable }],
  ),
  // Source: OCI Distribution Specification, "Determining Support".
  {
    ...{ name: "registry mirror", setting: "registryMirror" },
    ...{ variable: "NUA_REGISTRY_MIRROR", path: "v2/" },
  },
];

async function checkProxy(variable: string, address: string): Promise<Finding> {
  const { hostname, port, protocol } = new URL(address);
  const number = Number(port || (protocol === "https:" ? 443 : 80));
  const problem = await tryConnect(hostname.replace(/^\[|\]$/g, ""), number);
  const place = `${hostname}:${number}`;
  if (problem === undefined) return ok("proxy", place);
  return fail("proxy", `${place}: ${problem}`, `correct ${variable}, or the proxy of that name`);
}

/** @returns what stands in the way */
function tryConnect(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: PATIENCE });
    const end = (problem?: string) => {
      socket.destroy();
      resolve(problem);
    };
    socket.once("connect", () => end());
    socket.once("timeout", () => end("it does not answer"));
    socket.once("error", (error) => end(error.message));
  });
}

async function checkMirror(
  {
    name,
    variable,
    url,
    ca,
  }: { name: string; variable: string; url: string; ca?: string | undefined },
  signal: AbortSignal,
): Promise<Finding[]> {
  const place = publicUrl(url);
  const hint = `correct ${variable}, or see what stands between: curl -I ${place}`;
  try {
    const tls = ca === undefined ? {} : { tls: { ca: [...rootCertificates, ca] } };
    const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
    const response = await fetch(url, { signal: patience, ...tls });
    await response.body?.cancel();
    const { status, headers } = response;
    const clock = checkServerClock(headers.get("date"), place);
    if (status >= 500) return [fail(name, `${place}: it answered ${status}`, hint), ...clock];
    const denied = `${place}: it answered ${status}`;
    if (status === 407 || status === 403) return [fail(name, denied, hint), ...clock];
    // It answers; that a listing is not for everybody, or not there, is no fault.
    return [ok(name, place), ...clock];
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    return [fail(name, `${place}: ${reason.replaceAll(url, place)}`, hint)];
  }
}

function checkServerClock(date: string | null, place: string): Finding[] {
  const difference = date === null ? 0 : Math.abs(Date.parse(date) - Date.now());
  if (!(difference > CLOCK_TOLERANCE)) return [];
  const minutes = Math.round(difference / 60_000);
  const hint = "set the clock (timedatectl set-ntp true): certificates and lists are dated";
  return [warn("clock", `${minutes} min from that of ${place}`, hint)];
}
