/** What nua-build itself reads of a bundle, where it would fetch. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as v from "valibot";
import { BLOBS_FOLDER, EXCHANGES_FILE, exchangeListSchema } from "../../protocol/exchanges.ts";
import type { Session } from "../../session/session.ts";

/** @returns a file's address in place of that one; undefined when the bundle has none, or there is no bundle */
export async function findInput(url: string, { reading }: Session): Promise<string | undefined> {
  if (reading.from !== "bundle") return undefined;
  const { folder } = reading.inputs;
  const text = await readFile(join(folder, EXCHANGES_FILE), "utf8");
  const { exchanges } = v.parse(exchangeListSchema, JSON.parse(text));
  const content = exchanges.find((one) => one.url === url && one.client === "nua-build")?.content;
  return content ? pathToFileURL(join(folder, BLOBS_FOLDER, content)).href : undefined;
}
