/**
 * The program `app_builder`, run as root inside a container:
 *
 *   app_builder                                 build the app whose context is there
 *   app_builder install-node VERSION [--prefix DIR]
 *   app_builder --version
 */
import { NuaError } from "../shared/errors.ts";
import { VERSION } from "../shared/version.ts";
import { buildApp } from "./build-app.ts";
import { installNode } from "./node/install-node.ts";
import { createAgentReport, exitStatusOf, formatFailure } from "./report-error.ts";
import { takeSurroundings } from "./surroundings.ts";

let step = "start";
try {
  await main(process.argv.slice(2));
} catch (error) {
  const report = createAgentReport(error, step);
  process.stderr.write(formatFailure(report, error instanceof Error ? error.stack : undefined));
  process.exitCode = exitStatusOf(report);
}

// --- internal ---

/** @throws NuaError (usage) for words that mean nothing, and whatever the work throws */
async function main(argv: readonly string[]): Promise<void> {
  const [word, ...rest] = argv;
  const context = process.env.NUA_CONTEXT || null;
  const { surroundings, env } = takeSurroundings(process.env);
  const write = (text: string) => void process.stdout.write(text);
  if (word === undefined) {
    const onAction = (name: string) => {
      step = name;
    };
    return buildApp({ context, surroundings, env, write, onAction });
  }
  if (word === "--version") return write(`app_builder version: ${VERSION}\n`);
  if (word === "install-node") {
    step = word;
    return installNode({ ...parseInstallOptions(rest), surroundings, env, write });
  }
  throw new NuaError("usage", `Run app_builder: "${word}" is not one of its commands`, {
    hint: "use app_builder, app_builder install-node VERSION or app_builder --version",
  });
}

function parseInstallOptions(words: readonly string[]): { wanted: string; prefix: string } {
  const at = words.indexOf("--prefix");
  const prefix = at < 0 ? "/usr/local" : words[at + 1];
  const [wanted, ...others] = at < 0 ? words : [...words.slice(0, at), ...words.slice(at + 2)];
  if (wanted === undefined || prefix === undefined || others.length > 0) {
    throw new NuaError("usage", `Install Node: expected VERSION [--prefix DIR]`, {
      hint: "such as: app_builder install-node 20 --prefix /usr/local",
    });
  }
  return { wanted, prefix };
}
