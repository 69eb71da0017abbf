import { expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appImageRules } from "../../../../src/bases/protected-names.ts";
import { loadArchive } from "../../../../src/images/transfer/load-archive.ts";
import type { Session } from "../../../../src/session/session.ts";
import { createImage, packImage } from "../../../helpers/image-archive.ts";

test.each(["--help", "-f", "--format={{.Id}}"])("a tag is no option: %s", async (tag) => {
  const folder = await mkdtemp(join(tmpdir(), "nua-load-"));
  try {
    const file = join(folder, "image.tar");
    await writeFile(file, await packImage({ ...(await createImage()), tag }, "docker-25"));
    const session = { engine: () => Promise.reject(new Error("not asked")) } as unknown as Session;
    await expect(loadArchive(file, session, appImageRules(session))).rejects.toThrow(
      `"${tag}" is no tag of an image`,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
