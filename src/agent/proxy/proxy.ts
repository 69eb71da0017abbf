/** The proxy that stands between the build's programs and the network. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { MissingExchange } from "../../protocol/exchanges.ts";
import { createAuthority } from "./authority.ts";
import { CONTROL } from "./control.ts";
import { answerText, startListener } from "./listener.ts";
import { type ProxyRequest, readRequest } from "./request.ts";

/** Where answers come from. */
export interface Answerer {
  answer(request: ProxyRequest, response: ServerResponse): Promise<void>;
  /** What could not be answered, where that is told of. */
  missing?(): MissingExchange[];
}

export interface RunningProxy {
  /** What programs are told, as http_proxy. */
  address: string;
  /** The certificate of those that it shows, in PEM. */
  certificate: string;
  /** What is asked from now on is for that. */
  setRequester(what: string): void;
  close(): void;
}

/** @param port 0: one that is free */
export async function startProxy(answerer: Answerer, port = 0): Promise<RunningProxy> {
  const authority = createAuthority();
  let wantedBy = "";
  const handle = async (incoming: IncomingMessage, response: ServerResponse, url: string) => {
    const request = await readRequest(incoming, url, wantedBy);
    if (new URL(request.url).hostname !== CONTROL.host) return answerer.answer(request, response);
    if (request.method === "PUT" && request.url === CONTROL.wantedBy) {
      wantedBy = request.body?.toString("utf8") ?? "";
      return answerText(response, 200, "");
    }
    if (request.url !== CONTROL.missing) return answerText(response, 404, "No such thing");
    answerText(response, 200, JSON.stringify(answerer.missing?.() ?? []));
  };
  const listener = await startListener(authority, handle, port);
  return {
    address: `http://127.0.0.1:${listener.port}`,
    certificate: authority.certificate,
    setRequester(what) {
      wantedBy = what;
    },
    close: listener.close,
  };
}
