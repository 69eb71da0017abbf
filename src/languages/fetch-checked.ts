/** Fetches an archive for an installer, and checks its digest. */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { NuaError } from "../lib/errors.ts";
import { publicUrl } from "../lib/secrets.ts";
import type { InstallTools } from "./installer.ts";

export interface WantedArchive {
  url: string;
  /** In hexadecimal; its server says one of the two. */
  sha256?: string;
  sha512?: string;
  /** What it is called in the scratch folder. */
  name: string;
  /** The variable that names another server. */
  mirror: string;
}

/**
 * @returns its file
 * @throws NuaError (input) where there is none, or it is another one; (transient) when the server
 *   does not answer
 */
export async function fetchChecked(
  { url, sha256, sha512, name, mirror }: WantedArchive,
  { fetch, scratch }: Pick<InstallTools, "fetch" | "scratch">,
): Promise<string> {
  const body = await fetch(url, mirror);
  if (body === null) {
    throw new NuaError("input", `Fetch "${publicUrl(url)}": there is nothing`, {
      hint: `name a mirror that has it with ${mirror}`,
    });
  }
  const expected = sha512 ?? sha256;
  const algorithm = sha512 === undefined ? "sha256" : "sha512";
  const actual = createHash(algorithm).update(body).digest("hex");
  if (actual !== expected) {
    throw new NuaError("input", `Check "${publicUrl(url)}": expected ${expected}, got ${actual}`, {
      hint: "the server or something before it changes what it hands out; use another",
    });
  }
  const file = join(scratch, name);
  writeFileSync(file, body);
  return file;
}
