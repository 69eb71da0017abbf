/** What runs have left in an engine: containers by their names, images by their tags. */
import { engineFailure } from "../engine/failures.ts";
import { runProgram } from "../lib/process.ts";
import { CONTAINER_PREFIX, runOf } from "../runs/own-names.ts";
import { isLeftOver, type Leftover } from "./leftover.ts";

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
  const named = ["--filter", `name=${CONTAINER_PREFIX}`, "--format", "{{.ID}} {{.Names}}"];
  const [lines, tags] = await Promise.all([
    ask("ps", "--all", "--no-trunc", ...named),
    ask("image", "ls", "--format", "{{.Repository}}:{{.Tag}}"),
  ]);
  const containers = await Promise.all(lines.map((line) => examineContainer(line, ask)));
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
  line: string,
  ask: (...words: string[]) => Promise<string[]>,
): Promise<{ id: string; run: string; created: number } | undefined> {
  const [id = "", name = ""] = line.split(" ");
  const run = runOf("container", name);
  if (run === undefined) return undefined;
  const format = ["--format", "{{json .Created}}"];
  // One that is gone by now is none.
  const answer = await ask("inspect", "--type", "container", ...format, id).catch(() => undefined);
  if (answer === undefined) return undefined;
  const created = Date.parse((answer[0] ?? "").replaceAll('"', ""));
  return { id, run, created: created || Date.now() };
}

function leftover(kind: Leftover["kind"], name: string, remove: Leftover["remove"]): Leftover {
  return { kind, name, remove };
}
