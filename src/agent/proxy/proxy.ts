/** The proxy that stands between the build's programs and the network. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { MissingExchange } from "../../protocol/exchanges.ts";
import { createAuthority } from "./authority.ts";
import { answerText, startListener } from "./listener.ts";
import { type Question, readQuestion } from "./question.ts";

/** Where answers come from. */
export interface Answerer {
  answer(question: Question, response: ServerResponse): Promise<void>;
  /** What could not be answered, where that is told of. */
  missing?(): MissingExchange[];
}

export interface RunningProxy {
  /** What programs are told, as http_proxy. */
  address: string;
  /** The certificate of those that it shows, in PEM. */
  certificate: string;
  /** What is asked from now on is for that. */
  wantFor(what: string): void;
  close(): void;
}

/** A name that only the proxy answers: to agents that are in another container than it is. */
export const CONTROL = {
  host: "nua.invalid",
  /** GET: a list of MissingExchange, as JSON. */
  missing: "http://nua.invalid/missing",
  /** PUT: the body says what is asked for from now on. */
  wantedBy: "http://nua.invalid/wanted-by",
};

/** @param port 0: one that is free */
export async function startProxy(answerer: Answerer, port = 0): Promise<RunningProxy> {
  const authority = createAuthority();
  let wantedBy = "";
  const handle = async (request: IncomingMessage, response: ServerResponse, url: string) => {
    const question = await readQuestion(request, url, wantedBy);
    if (new URL(question.url).hostname !== CONTROL.host) return answerer.answer(question, response);
    if (question.method === "PUT" && question.url === CONTROL.wantedBy) {
      wantedBy = question.body?.toString("utf8") ?? "";
      return answerText(response, 200, "");
    }
    if (question.url !== CONTROL.missing) return answerText(response, 404, "No such thing");
    answerText(response, 200, JSON.stringify(answerer.missing?.() ?? []));
  };
  const listener = await startListener(authority, handle, port);
  return {
    address: `http://127.0.0.1:${listener.port}`,
    certificate: authority.certificate,
    wantFor(what) {
      wantedBy = what;
    },
    close: listener.close,
  };
}
