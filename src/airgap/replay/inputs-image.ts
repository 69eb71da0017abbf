/**
 * What a sealed build with a package's own Dockerfile reads, as an image that its commands mount:
 * in the build context, `COPY .` would take it along, and it would stay in the image.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runTag } from "../../runs/own-names.ts";
import type { Session } from "../../session/session.ts";
import { createTempFolder } from "../../session/temp-folder.ts";

/** A name that no other build has. */
export function inputsTag(): string {
  return runTag("nua-inputs");
}

/** The engine has it until that is disposed of. */
export async function makeInputsImage(tag: string, session: Session): Promise<AsyncDisposable> {
  const { reading, settings } = session;
  if (reading.from !== "bundle") throw new Error("only sealed builds have inputs");
  const engine = await session.engine();
  await using folder = await createTempFolder(settings.buildDir);
  const dockerfile = join(folder.path, "Dockerfile");
  await writeFile(dockerfile, "FROM scratch\nCOPY . /\n");
  const image = { [Symbol.asyncDispose]: () => engine.removeImage(tag) };
  const idFile = join(folder.path, "image-id");
  try {
    await engine.build({
      ...{ context: reading.inputs.folder, dockerfile, buildArgs: {}, hiddenArgs: [], secrets: [] },
      ...{ buildx: undefined, noCache: false, network: "none" },
      result: { kind: "image", tag, labels: {}, idFile },
    });
    return image;
  } catch (error) {
    await image[Symbol.asyncDispose]();
    throw error;
  }
}
