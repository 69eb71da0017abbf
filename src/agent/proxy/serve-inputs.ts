/** `app_builder serve-inputs`: the inputs of a build in another container, which cannot mount. */
import { once } from "node:events";
import { INPUTS_FOLDER } from "../../protocol/exchanges.ts";
import { startProxy } from "./proxy.ts";
import { missingLine } from "./route.ts";
import { createSealed } from "./sealed.ts";

export interface ServeInputsOptions {
  /** 0: one that is free. */
  port: number;
  write: (text: string) => void;
}

/**
 * Writes one line of JSON with the proxy's address and certificate, then one for each question
 * that nothing answers. Ends with SIGTERM or SIGINT.
 */
export async function serveInputs({ port, write }: ServeInputsOptions): Promise<void> {
  const sealed = createSealed(INPUTS_FOLDER, (missing) => write(`${missingLine(missing)}\n`));
  const proxy = await startProxy(sealed, port);
  write(`${JSON.stringify({ proxy: proxy.address, ca: proxy.certificate })}\n`);
  await Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
  proxy.close();
}
