/**
 * Pure: which Ruby an app asks for. What the Gemfile says has to hold, since Bundler refuses any
 * other; beside it the first of .ruby-version, mise.toml, .tool-versions and the lock file counts.
 */
import { NuaError } from "../../lib/errors.ts";
import type { Origin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { RequestedRuntime } from "../runtime.ts";
import { namedVersion, versionInFile } from "../version-files.ts";
import { readGemfile } from "./gemfile.ts";
import { readLockfile } from "./lockfile.ts";
import { type ManifestNames, manifestOf } from "./manifest.ts";
import { parseRequirement } from "./requirement.ts";

export interface Pin {
  /** In RubyGems' words. */
  range: string;
  from: Origin;
}

/** @throws NuaError (input) for another implementation of Ruby */
export function pinsOf(tree: SourceTree): Pin[] {
  const names = manifestOf(tree);
  const declared = names === null ? [] : declaredPins(tree, names);
  const [pin] = [
    () => versionFile(tree, RUBY_VERSION),
    () => managerPin(tree),
    () => (names === null ? null : lockedPin(tree, names)),
  ].flatMap((read) => read() ?? []);
  const [asked] = declared;
  if (pin === undefined || asked === undefined) return pin === undefined ? declared : [pin];
  // Where one of them says all that the other does, that one is enough.
  if (isWithin(pin.range, asked.range)) return [pin];
  return isWithin(asked.range, pin.range) ? [asked] : [asked, pin];
}

/** @param use whether the app runs in Ruby, or is only built by it */
export function requestedRuby(
  tree: SourceTree,
  file: string,
  use: RequestedRuntime["use"],
): RequestedRuntime[] {
  const language = "ruby";
  const pins = pinsOf(tree);
  if (pins.length === 0) return [{ language, from: { what: file }, use }];
  return pins.map(({ range, from }) => ({ language, range, from, use }));
}

// --- internal ---

const RUBY_VERSION = ".ruby-version";

/** Whether a range is one version, and another range allows it. */
function isWithin(version: string, range: string): boolean {
  const [, exact] = /^(?:= )?(\d+\.\d+\.\d+)$/.exec(version) ?? [];
  return exact !== undefined && parseRequirement(range)?.(exact) === true;
}

/** For Bundler "3.2" is that version, and none of its series. */
function declaredPins(tree: SourceTree, { manifest }: ManifestNames): Pin[] {
  const { ruby } = readGemfile(tree.text(manifest) ?? "", manifest);
  if (ruby === null) return [];
  const from = { what: manifest, line: ruby.line };
  if (ruby.engine !== undefined && ruby.engine !== "ruby") throw noOther(ruby.engine, from);
  const file = ruby.file === undefined ? null : fileOf(tree, ruby.file);
  const all = [...ruby.requirements, ...(file === null ? [] : [file.range])];
  if (all.length === 0) return [];
  const range = all.map((one) => (/^[\d]/.test(one.trim()) ? `= ${one.trim()}` : one)).join(", ");
  return [{ range, from: file?.from ?? from }];
}

/** `ruby file:` reads either form. Source: Bundler, RubyDsl. */
function fileOf(tree: SourceTree, file: string): Pin | null {
  return file.endsWith(".tool-versions") ? managerPin(tree) : versionFile(tree, file);
}

function versionFile(tree: SourceTree, file: string): Pin | null {
  const found = versionInFile(tree, file);
  return found && pinOf(found.version, found.from);
}

function managerPin(tree: SourceTree): Pin | null {
  const found = namedVersion(tree, ["ruby"]);
  return found && pinOf(found.version, found.from);
}

/** `ruby-3.2.1`, `3.2.1-p31`, with RVM's set of gems: `3.2.1@app`. */
function pinOf(text: string, from: Origin): Pin | null {
  const version = text
    .trim()
    .replace(/@.*$/, "")
    .replace(/^ruby-/, "")
    .replace(/-p\d+$/, "");
  if (version === "system" || version === "") return null;
  const [engine] = /^(jruby|truffleruby|mruby|rbx|artichoke)\b/.exec(version) ?? [];
  if (engine !== undefined) throw noOther(engine, from);
  return { range: version === "latest" ? ">= 0" : version, from };
}

function lockedPin(tree: SourceTree, names: ManifestNames): Pin | null {
  const ruby = readLockfile(tree, names)?.ruby;
  return ruby ? { range: ruby.version, from: { what: names.lock, line: ruby.line } } : null;
}

function noOther(engine: string, { what, line = 1 }: Origin): NuaError {
  return new NuaError("input", `Choose a Ruby: "${engine.slice(0, 40)}" is none that is built`, {
    file: what,
    position: { line, column: 1 },
    hint: "name a version of Ruby itself (MRI), or build the app with a Dockerfile of its own",
  });
}
