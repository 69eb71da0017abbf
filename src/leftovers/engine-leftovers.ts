/** What runs have left in an engine: containers by their label, images by their tag. */
import { engineFailure } from "../engine/failures.ts";
import { runProgram } from "../engine/process.ts";
import { isLeftOver, type Leftover } from "./leftover.ts";
import { RUN_LABEL, runOf } from "./own-names.ts";

/**
 * Changes nothing.
 * @param client the engine's client
 * @throws CommandError (engine) when the engine does not answer
 */
export async function findInEngine(client: string, signal?: AbortSignal): Promise<Leftover[]> {
  const ask = async (...words: string[]) => {
    const argv = [client, ...words];
    const answer = await runProgram(argv, { signal });
    if (answer.exitCode !== 0) throw engineFailure(argv, answer);
    return answer.stdout.split("\n").filter((line) => line !== "");
  };
  const remove = async (...words: string[]) => {
    const answer = await runProgram([client, ...words]);
    const isGone = answer.exitCode === 0 || /no such|not known/i.test(answer.stderr);
    if (!isGone) throw engineFailure([client, ...words], answer);
  };
  const [ids, tags] = await Promise.all([
    ask("ps", "--all", "--quiet", "--no-trunc", "--filter", `label=${RUN_LABEL}`),
    ask("image", "ls", "--format", "{{.Repository}}:{{.Tag}}"),
  ]);
  const containers = await Promise.all(ids.map((id) => examineContainer(id, ask)));
  return [
    ...containers
      .filter((container) => container !== undefined)
      .filter(({ run, created }) => isLeftOver(run, created))
      .map(({ id }) => leftover("container", id, () => remove("rm", "--force", "--volumes", id))),
    ...tags
      // podman's name for what comes from no registry.
      .map((tag) => tag.replace(/^localhost\//, ""))
      // An image may say of itself that it is as old as it likes: only the run counts.
      .filter((tag) => isLeftOver(runOf("tag", tag) ?? "", Date.now()))
      .map((tag) => leftover("image", tag, () => remove("image", "rm", tag))),
  ];
}

// --- internal ---

async function examineContainer(
  id: string,
  ask: (...words: string[]) => Promise<string[]>,
): Promise<{ id: string; run: string; created: number } | undefined> {
  const format = `{{json .Created}} {{index .Config.Labels "${RUN_LABEL}"}}`;
  // One that is gone by now is none.
  const [line = ""] = await ask("inspect", "--type", "container", "--format", format, id).catch(
    () => [],
  );
  const [, created = "", run = ""] = /^"([^"]*)" (\S+)$/.exec(line) ?? [];
  return run === "" ? undefined : { id, run, created: Date.parse(created) || Date.now() };
}

function leftover(kind: Leftover["kind"], name: string, remove: Leftover["remove"]): Leftover {
  return { kind, name, remove };
}
