/** `app_builder serve-inputs`: serves a bundle's inputs to a build in another container. */
import { once } from "node:events";
import { formatMissing, INPUTS_FOLDER } from "../../protocol/exchanges.ts";
import { startProxy } from "./proxy.ts";
import { createReplay } from "./replay.ts";

export interface ServeInputsOptions {
  /** 0: one that is free. */
  port: number;
  write: (text: string) => void;
}

/**
 * Writes one line of JSON with the proxy's address and certificate, then one for each request
 * that nothing answers. Ends with SIGTERM or SIGINT.
 */
export async function serveInputs({ port, write }: ServeInputsOptions): Promise<void> {
  const replay = createReplay(INPUTS_FOLDER, (missing) => write(`${formatMissing(missing)}\n`));
  const proxy = await startProxy(replay, port);
  write(`${JSON.stringify({ proxy: proxy.address, ca: proxy.certificate })}\n`);
  await Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
  proxy.close();
}
