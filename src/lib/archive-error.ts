/** Errors about archives: what was attempted, on which member, at which byte. */
import { NuaError } from "./errors.ts";

export interface ArchivePlace {
  /** What is being done, such as `Read archive "app.tar"`. */
  attempt: string;
  member?: string | undefined;
  /** Of the member's header, from the start of the (decompressed) tar stream. */
  offset?: number | undefined;
}

/** @param problem what is wrong there, to follow a colon */
export function archiveError(
  place: ArchivePlace,
  problem: string,
  details: { hint?: string | undefined; cause?: unknown } = {},
): NuaError {
  const member = place.member === undefined ? [] : [`member "${place.member}"`];
  const offset = place.offset === undefined ? [] : [`at byte ${place.offset}`];
  const where = [...member, ...offset].join(" ");
  const message = [place.attempt, ...(where === "" ? [] : [where]), problem].join(": ");
  return new NuaError("archive", message, details);
}

/** The place of a member, for a message. */
export function placeOf(
  attempt: string,
  member: { name: string; offset: number },
): Required<ArchivePlace> {
  return { attempt, member: member.name, offset: member.offset };
}
