/** `SOURCE_DATE_EPOCH` and `--reproducible`: the time that a reproducible image has. */
import { NuaError } from "../../lib/errors.ts";
import { DEFAULT_EPOCH } from "./normalize-image.ts";

/** The last second of the year 9999: no later one has a name that every program reads. */
const LATEST = 253_402_300_799;

/**
 * @param sourceDateEpoch the variable of that name: seconds since 1970; empty when it is not set
 *   (reproducible-builds.org, "SOURCE_DATE_EPOCH specification")
 * @param flag whether --reproducible was given
 * @returns seconds since 1970; null when nobody asked for a reproducible image
 * @throws NuaError (usage) when the variable is not a number of seconds
 */
export function chooseEpoch(sourceDateEpoch: string, flag: boolean): number | null {
  if (sourceDateEpoch === "") return flag ? DEFAULT_EPOCH : null;
  const seconds = Number(sourceDateEpoch);
  if (/^\d+$/.test(sourceDateEpoch) && seconds <= LATEST) return seconds;
  throw new NuaError("usage", `Read SOURCE_DATE_EPOCH "${sourceDateEpoch}": expected seconds`, {
    hint: "such as SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)",
  });
}
