/** What a build needs and does not have, as an error. */
import { NuaError } from "../shared/errors.ts";
import { formatItem, type Item, type WantedPlace } from "./item.ts";

export interface MissingItem {
  item: Item;
  /** Where in the app's files, or what else led to it. */
  wantedBy: WantedPlace | string;
}

/**
 * @param attempt what cannot be done without, such as `Build "examples/hello-node"`
 * @returns an error of code `input` that names each once
 */
export function missingError(
  attempt: string,
  missing: readonly MissingItem[],
  hint?: string,
): NuaError {
  const lines = [...new Set(missing.map(({ item, wantedBy }) => formatItem(item, wantedBy)))];
  const subject = lines.length === 1 ? "a thing is missing" : `${lines.length} things are missing`;
  const list = lines.map((line) => `\n  ${line}`).join("");
  return new NuaError("input", `${attempt}: ${subject}:${list}`, { hint });
}
