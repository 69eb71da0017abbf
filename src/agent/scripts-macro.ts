/** A macro that bun runs while it bundles the agent; not part of it. */
import { LANGUAGES } from "../languages/languages.ts";

/** The scripts of all languages, by their names: the agent needs nothing else of them. */
export function languageScripts(): Record<string, string> {
  return Object.fromEntries(LANGUAGES.flatMap(({ scripts = {} }) => Object.entries(scripts)));
}
