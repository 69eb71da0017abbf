/** Input and output of pack-repository.sh. */
import { NuaError } from "../../lib/errors.ts";

export interface RepositoryRequest {
  /** In git's words; a path is absolute. Names and passwords are added by rewrites. */
  address: string;
  /** A branch, a tag or a commit. */
  revision: string;
  /** What names it, for messages. */
  key: string;
  /** Of the folder at the archive's top. */
  name: string;
  /** To work in; it is made. */
  folder: string;
  /** The archive. */
  target: string;
}

/** What the script has said, and how it has ended. */
export interface ScriptResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Runs it where this machine has no git that will do. */
export type RunElsewhere = (request: RepositoryRequest) => Promise<ScriptResult>;

/** @param seconds that the setting allows */
export function tookTooLong(
  { address, key }: Pick<RepositoryRequest, "address" | "key">,
  seconds: number,
): NuaError {
  return new NuaError("transient", `Clone "${address}": it took more than ${seconds} seconds`, {
    step: key,
    hint: "allow more with NUA_SOURCE_TIMEOUT, in seconds",
  });
}
