/** Runs pack-repository.sh in a container, for machines without git. */
import { NuaError } from "../../lib/errors.ts";
import { publicUrl } from "../../lib/secrets.ts";
import type { Session } from "../../session/session.ts";
import type { RepositoryRequest, ScriptResult } from "./script-run.ts";

export async function runInContainer(
  { address }: RepositoryRequest,
  _session: Session,
): Promise<ScriptResult> {
  throw new NuaError("input", `Clone "${publicUrl(address)}": there is no git on this machine`, {
    step: "build.git-url",
    hint: "install git",
  });
}
