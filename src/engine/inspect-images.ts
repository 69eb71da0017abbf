/** What the engine has by some names: asked of its client in one call. */
import { runProgram } from "../lib/process.ts";
import { engineFailure } from "./failures.ts";
import { type ImageFacts, parseImages } from "./image-facts.ts";

/**
 * @returns in the order of the references; undefined for what is not there
 * @throws NuaError (engine) when the client fails otherwise
 */
export async function inspectImages(
  client: string,
  references: readonly string[],
  signal: AbortSignal | undefined,
): Promise<(ImageFacts | undefined)[]> {
  const argv = [client, "image", "inspect", "--", ...references];
  const answer = await runProgram(argv, { signal });
  if (answer.exitCode === 0) return parseImages(answer.stdout);
  if (!tellsMissing(answer)) throw engineFailure(argv, answer);
  if (references.length === 1) return [undefined];
  // Those that there are were told all the same; of the others, each client says so otherwise.
  const found = parseImages(answer.stdout || "[]");
  const told = (reference: string) =>
    found.find(({ id, tags }) => id === reference || tags.includes(reference));
  const ask = async (one: string) => (await inspectImages(client, [one], signal))[0];
  return Promise.all(references.map(async (one) => told(one) ?? (await ask(one))));
}

/** Whether there is no such image or container, in every client's words. */
export function tellsMissing({ stderr }: { stderr: string }): boolean {
  return /no such (image|object|container)|not found|not known/i.test(stderr);
}
