/**
 * For builds without a network: checks that all images that a package's own Dockerfile names are
 * there.
 */
import { readFile } from "node:fs/promises";
import { dockerfileNeeds } from "../dockerfile/images.ts";
import { NuaError } from "../lib/errors.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import type { Session } from "../session/session.ts";
import type { StagedContext } from "./stage-context.ts";

/**
 * The network of a build's commands is cut by the engine; what else a Dockerfile names, the
 * builder would fetch by itself.
 * @param buildArgs values that the Dockerfile's arguments get
 * @throws NuaError (input) for the first thing that would be fetched
 */
export async function ensureLocalImages(
  {
    plan,
    context,
    buildArgs,
  }: { plan: BuildPlan; context: StagedContext; buildArgs: Record<string, string> },
  session: Session,
): Promise<void> {
  const { kind, file } = plan.dockerfile;
  if (context.inputs.network === undefined || kind !== "package") return;
  const needs = dockerfileNeeds(await readFile(context.dockerfile, "utf8"), buildArgs);
  const [address] = needs.addresses;
  if (address !== undefined) {
    throw new NuaError("input", `Build with "${file}": it fetches ${address.what}`, {
      file: file ?? "Dockerfile",
      position: { line: address.line, column: 1 },
      hint: "with --offline nothing is fetched: bring it into the app's folder",
    });
  }
  const engine = await session.engine();
  for (const image of needs.images) {
    if (await engine.findImage(image)) continue;
    throw new NuaError("input", `Build with "${file}": image "${image}" is not in the engine`, {
      file: file ?? "Dockerfile",
      hint: `with --offline nothing is pulled: load it first, nua-build load FILE`,
    });
  }
}
