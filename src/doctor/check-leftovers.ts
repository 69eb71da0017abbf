/** Checks for leftovers of killed runs. */
import { findLeftovers, removeLeftovers } from "../leftovers/prune.ts";
import type { Session } from "../session/session.ts";
import { type Finding, ok, warn } from "./finding.ts";

/** @param fix whether it is removed */
export async function checkLeftovers(
  session: Session,
  { fix }: { fix: boolean },
): Promise<Finding[]> {
  const name = "leftovers";
  const found = await findLeftovers(session);
  if (found.length === 0) return [ok(name, "none")];
  const told = found.map((one) => `${one.kind} ${one.name}`).join(", ");
  if (!fix) {
    const hint = "nua-build prune, or nua-build doctor --fix; the next build removes them as well";
    return [warn(name, `of runs that were killed: ${told}`, hint)];
  }
  const kept = await removeLeftovers(found);
  if (kept.length === 0) return [ok(name, `removed: ${told}`)];
  return kept.map(({ leftover, reason }) =>
    warn(name, `${leftover.kind} ${leftover.name}: ${reason}`, "remove it as whoever may"),
  );
}
