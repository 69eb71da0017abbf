/** Pure: what is installed for a script that says itself what it needs. */
import type { SourceTree } from "../../source/source-tree.ts";
import type { LanguagePlan } from "../language.ts";
import { installLocked, installResolved, type Place } from "./install-commands.ts";
import { formatRequirement } from "./manifests/requirement.ts";
import { readScriptMetadata } from "./manifests/script-metadata.ts";
import { declare } from "./package-managers/declared.ts";
import { lockText } from "./package-managers/lock-text.ts";
import { readUvLock, uvPackages } from "./package-managers/uv-lock.ts";

/** The lock that uv writes beside a script holds. */
export function planScript(file: string, tree: SourceTree, place: Place): LanguagePlan {
  const metadata = readScriptMetadata(tree, file);
  const lock = readUvLock(tree, `${file}.lock`);
  if (lock !== undefined) {
    const environment = { python: undefined, extras: [], groups: [] };
    const packages = uvPackages(lock, { folder: "", environment });
    const text = lockText({ file: lock.file, packages });
    const install = installLocked({ kind: "locked", text, packages }, place);
    return { packages: [], install, build: [] };
  }
  const requirements = (metadata?.dependencies ?? []).map((one) =>
    formatRequirement(declare(one, file, tree).requirement),
  );
  const none = { apart: [], options: [], preferred: [], folders: [], archives: [] };
  const install = installResolved({ kind: "resolved", requirements, ...none }, null, place);
  return { packages: [], install, build: [] };
}
