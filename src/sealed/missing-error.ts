/** What a sealed build ends with that would have needed more than its bundle holds. */
import { NuaError } from "../shared/errors.ts";

/** Its message lists them. */
export class MissingInputsError extends NuaError {
  override readonly name = "MissingInputsError";
  /** Such as `npm left-pad 1.3.0, wanted by yarn.lock:812`. */
  readonly missing: readonly string[];

  /** @param attempt such as `Build "nua-a:1.0"` */
  constructor(attempt: string, missing: readonly string[], hint: string) {
    const lines = missing.map((one) => `\n  ${one}`).join("");
    const count = `the bundle lacks ${missing.length} of its inputs`;
    super("input", `${attempt}: ${count}${lines}`, { hint });
    this.missing = missing;
  }
}
