/** The error about missing inputs. */
import { NuaError } from "../../lib/errors.ts";
import { formatItem, type Item, type WantedPlace } from "../../registries/item.ts";

export interface MissingItem {
  item: Item;
  /** Where in the app's files, or what else led to it. */
  wantedBy: WantedPlace | string;
}

/** Its message names each thing, once. */
export class MissingInputsError extends NuaError {
  override readonly name = "MissingInputsError";
  /** Such as `npm left-pad 1.3.0, wanted by yarn.lock:812`. */
  readonly missing: readonly string[];

  /** @param attempt what cannot be done without, such as `Build "nua-hello:1.0"` */
  constructor(attempt: string, missing: readonly MissingItem[], hint?: string) {
    const lines = [...new Set(missing.map(({ item, wantedBy }) => formatItem(item, wantedBy)))];
    const subject =
      lines.length === 1 ? "an input is missing" : `${lines.length} inputs are missing`;
    const list = lines.map((line) => `\n  ${line}`).join("");
    super("input", `${attempt}: ${subject}:${list}`, { hint });
    this.missing = lines;
  }
}
