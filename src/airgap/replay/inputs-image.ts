/** An image with a bundle's inputs, which the commands of a package's own Dockerfile mount. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runTag } from "../../runs/own-names.ts";
import type { SessionBase } from "../../session/session-base.ts";
import { createTempFolder } from "../../session/temp-folder.ts";

export interface InputsImage extends AsyncDisposable {
  /** A name that no other build has. */
  tag: string;
}

/** @param inputs their folder; the engine has the image until it is disposed of */
export async function makeInputsImage(inputs: string, session: SessionBase): Promise<InputsImage> {
  const engine = await session.engine();
  await using folder = await createTempFolder(session.settings.buildDir);
  const dockerfile = join(folder.path, "Dockerfile");
  await writeFile(dockerfile, "FROM scratch\nCOPY . /\n");
  const tag = runTag("nua-inputs");
  const image = { tag, [Symbol.asyncDispose]: () => engine.removeImage(tag) };
  const idFile = join(folder.path, "image-id");
  try {
    await engine.build({
      ...{ context: inputs, dockerfile, buildArgs: {}, hiddenArgs: [], secrets: [] },
      ...{ buildx: undefined, noCache: false, network: "none" },
      result: { kind: "image", tag, labels: {}, idFile },
    });
    return image;
  } catch (error) {
    await image[Symbol.asyncDispose]();
    throw error;
  }
}
