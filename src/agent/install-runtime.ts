/** `app_builder install-…`: installs a runtime. */
import { mkdtempSync, rmSync } from "node:fs";
import type {
  DebianPackages,
  Installer,
  InstallRequest,
  InstallTools,
} from "../languages/installer.ts";
import { RUNTIMES } from "../languages/runtimes.ts";
import { NuaError } from "../lib/errors.ts";
import { formatCommand } from "../protocol/command.ts";
import type { NetworkSettings } from "../protocol/network-settings.ts";
import {
  cleanApt,
  installedPackages,
  installKept,
  installTemporary,
  linkedPackages,
  purgeTemporary,
  updateLists,
} from "./apt.ts";
import { childEnvironment } from "./environment.ts";
import { createExecutor, IDENTITIES } from "./executor.ts";
import { fetchBytes } from "./fetch.ts";
import { diskTree } from "./tree.ts";

export const INSTALLERS: readonly Installer[] = RUNTIMES.flatMap(
  ({ base }) => base?.installer ?? [],
);

export interface InstallOptions {
  networkSettings: NetworkSettings;
  env: Readonly<Record<string, string | undefined>>;
  write: (text: string) => void;
}

/**
 * @param words behind the installer's own
 * @throws NuaError (usage) for words that mean nothing, (input) for a version that there is not,
 *   (transient) when a server does not answer
 * @throws CommandError (build) when a command fails
 */
export async function installRuntime(
  installer: Installer,
  words: readonly string[],
  { networkSettings, env, write }: InstallOptions,
): Promise<void> {
  const request = parseWords(installer, words);
  const { install } = await installer.load();
  const scratch = mkdtempSync("/var/tmp/nua-agent-");
  try {
    const executor = createExecutor({
      env: childEnvironment(env, networkSettings, { scratch, caches: {} }),
      identities: IDENTITIES,
      write,
      warn: write,
      onRun: (command) => write(`$ ${formatCommand(command)}\n`),
    });
    const tools: InstallTools = {
      ...{ settings: networkSettings, env, scratch, write },
      async execute(commands) {
        for (const command of commands) await executor.execute(command);
      },
      fetch: (url, setting) => fetchBytes(url, { ca: networkSettings.ca, setting }),
      debian: debianPackages(),
    };
    await install(request, tools);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

// --- internal ---

/** VERSION and the value of a flag that takes a folder, in any order. */
function parseWords(
  { word, folder: { flag, fallback }, example }: Installer,
  words: readonly string[],
): InstallRequest {
  const at = words.indexOf(flag);
  const folder = at < 0 ? fallback : words[at + 1];
  const [wanted, ...others] = at < 0 ? words : [...words.slice(0, at), ...words.slice(at + 2)];
  if (wanted !== undefined && /^\d+(\.\d+)*$/.test(wanted) && folder && others.length === 0) {
    return { wanted, folder };
  }
  const said = `Install: expected VERSION [${flag} DIR], got "${words.join(" ")}"`;
  throw new NuaError("usage", said, { hint: `such as: app_builder ${word} ${example}` });
}

/** As it is before the work begins. */
function debianPackages(): DebianPackages {
  const baseline = installedPackages(diskTree);
  return {
    updateLists,
    install: installKept,
    borrow: (names) => installTemporary(names, diskTree),
    removeBorrowed: () => [...purgeTemporary(baseline), ...cleanApt(diskTree)],
    linkedPackages,
  };
}
