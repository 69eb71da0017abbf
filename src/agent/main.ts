/**
 * The program `app_builder`, run as root inside a container:
 *
 *   app_builder                                 build the app whose context is there
 *   app_builder install-LANGUAGE VERSION [--FLAG DIR]   put a runtime there
 *   app_builder serve-inputs [--port N]         be the proxy of a build elsewhere
 *   app_builder --version
 */
import { join } from "node:path";
import { NuaError } from "../lib/errors.ts";
import { createMask, createStreamMask, secretsOf } from "../lib/secrets.ts";
import type { NetworkSettings } from "../protocol/network-settings.ts";
import { VERSION } from "../protocol/version.ts";
import { buildApp } from "./build-app.ts";
import { fetchThrough } from "./fetch.ts";
import { takeNetworkSettings } from "./network-settings.ts";
import { createAgentReport, exitStatusOf, formatFailure } from "./report-error.ts";

let step = "start";
let mask = (text: string) => text;
let output = createStreamMask([], (text) => void process.stdout.write(text));
try {
  await main(process.argv.slice(2));
  output.flush();
} catch (error) {
  output.flush();
  const report = createAgentReport(error, step);
  const text = formatFailure(report, error instanceof Error ? error.stack : undefined);
  process.stderr.write(mask(text));
  process.exitCode = exitStatusOf(report);
}

// --- internal ---

/** @throws NuaError (usage) for words that mean nothing, and whatever the work throws */
async function main(argv: readonly string[]): Promise<void> {
  const [word, ...rest] = argv;
  const context = process.env.NUA_CONTEXT || null;
  const { networkSettings, env: given } = takeNetworkSettings(process.env);
  hide(networkSettings);
  fetchThrough(networkSettings);
  // Scripts of the app's may call the agent, which is not on PATH where it is only mounted.
  const env = { ...given, NUA_AGENT: join(import.meta.dir, "app_builder") };
  const write = output.write;
  if (word === undefined) {
    const onAction = (name: string) => {
      step = name;
    };
    return buildApp({ context, networkSettings, env, write, onAction });
  }
  if (word === "--version") return write(`app_builder version: ${VERSION}\n`);
  step = word;
  // What only builds of base images need is not loaded by those of apps.
  const { INSTALLERS, installRuntime } = await import("./install-runtime.ts");
  const installer = INSTALLERS.find((one) => one.word === word);
  if (installer !== undefined) {
    return installRuntime(installer, rest, { networkSettings, env, write });
  }
  if (word === "serve-inputs") {
    const { serveInputs } = await import("./proxy/serve-inputs.ts");
    return serveInputs({ port: parsePort(rest), write });
  }
  const installs = INSTALLERS.map((one) => `${one.word} VERSION`);
  throw new NuaError("usage", `Run app_builder: "${word}" is not one of its commands`, {
    hint: `use app_builder, app_builder ${installs.join(", ")}, serve-inputs or --version`,
  });
}

/** No password is printed from now on. */
function hide(networkSettings: NetworkSettings): void {
  const secrets = secretsOf(Object.values(networkSettings));
  mask = createMask(secrets);
  output = createStreamMask(secrets, (text) => void process.stdout.write(text));
}

function parsePort(words: readonly string[]): number {
  const [flag, value = "", ...others] = words;
  if (flag === undefined) return 0;
  if (flag === "--port" && /^\d{1,5}$/.test(value) && others.length === 0) return Number(value);
  throw new NuaError("usage", `Serve: expected [--port N], got "${words.join(" ")}"`);
}
