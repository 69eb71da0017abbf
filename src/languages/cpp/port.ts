/** Pure: where a program listens, as far as its sources tell. */
import type { SourceTree } from "../../source/source-tree.ts";
import {
  type FoundPort,
  findListening,
  findPort,
  isPort,
  type PortWords,
} from "../listening-port.ts";
import type { Program } from "./app/project.ts";
import { NO_APP, sourceFiles, stemOf } from "./app/sources.ts";

/** Where it reads PORT: what it takes without; else where it says that it listens. */
export function portOf(tree: SourceTree, { name, folder }: Program): FoundPort {
  const all = sourceFiles(tree).filter(({ path }) => !NO_APP.test(path));
  // Its own file says more than any other, and those of its folder more than others.
  const named = all.filter(({ path }) => stemOf(path) === name);
  // Headers have examples for those who call it.
  const own = [...named.filter(({ path }) => !/\.h\w*$/i.test(path)), ...named];
  const near = all.filter(({ path }) => path.startsWith(folder === "" ? "" : `${folder}/`));
  const files = [...new Set([...own, ...near, ...all])];
  const configured = configuredPort(tree, name);
  return findPort(files, WORDS, () =>
    configured === null
      ? findListening(files, WORDS)
      : { port: configured, isLocal: false, path: "" },
  );
}

// --- internal ---

/** `getenv("PORT")`, `std::getenv("PORT")`, `env_or("PORT", …)`. */
const READS = /\b\w{0,20}env\w{0,20}\s{0,4}\(\s{0,4}"PORT"/i;

const NUMBER = /"(?:[\w.[\]]{0,40}:)?(\d{2,5})"|[\s(,=?:](\d{2,5})\s*[),;:\]}]/g;

/** An address of one's own in the forms that servers take. */
const LISTENS = [
  // svr.listen("0.0.0.0", 8080); addListener("0.0.0.0", 8848); TcpServer(8080)
  /\b(?:listen|addListener|bind_to_port|listen_on)\s{0,4}\(\s{0,4}"(?<host>[\w.:]{0,60})",\s{0,4}(?<port>\d{2,5})\b/,
  // "http://0.0.0.0:8080", "0.0.0.0:8080"; other addresses may be those of clients.
  /"(?:https?:\/\/|tcp:\/\/)?(?<host>0\.0\.0\.0|\[::\]):(?<port>\d{2,5})"/,
  // app.port(18080)
  /(?<host>)\.port\(\s{0,4}(?<port>\d{2,5})\s{0,4}\)/,
  // htons(8080)
  /(?<host>)\bhtons\s{0,4}\(\s{0,4}(?<port>\d{2,5})\s{0,4}\)/,
  // {"listening_ports", "8080", …
  /(?<host>)"listening_ports",(?:\s|[\w,]){0,80}"(?<port>\d{2,5})/,
  // settings.port = 11211;
  /(?<host>)\b(?:settings|config|conf|options|opts|cfg)(?:\.|->)\w{0,20}port\s{0,4}=\s{0,4}(?<port>\d{2,5})\s{0,4};/,
  // #define DEFAULT_PORT 8080; const int port = 8080; uint16_t bindport = 80;
  /(?<host>)^[ \t]*#[ \t]*define[ \t]+(?!HTTPS?_PORT\b)\w{0,40}PORT[ \t]+(?<port>\d{2,5})\b/m,
  /(?<host>)\b(?:int|short|long|unsigned|auto|uint16_t|in_port_t|size_t)\s{1,8}(?:\w{1,40}_?)?port\s{0,8}=\s{0,8}(?<port>\d{2,5})\s*;/i,
];

const LOCAL = /^(?:127\.|localhost$|\[?::1\]?$)/;

const WORDS: PortWords = { reads: READS, numbers: NUMBER, listens: LISTENS, local: LOCAL };

/** `port 6379`, `listen 80;`, `server.port = 80`, as the file that comes with it has it. */
const CONFIGURED =
  /^[ \t]*(?:server\.)?(?:port|listen)[ \t]*[= \t][ \t]*"?(?:[\d.*]{1,15}:)?(\d{2,5})\b/im;

function configuredPort(tree: SourceTree, name: string): number | null {
  const names = [...new Set([name, name.split("-")[0]!])];
  for (const folder of ["", "conf/", "etc/", "config/", "doc/config/"]) {
    for (const one of names.flatMap((own) => [`${own}.conf`, `${own}.conf.in`])) {
      const port = Number(
        CONFIGURED.exec(tree.text(folder + one)?.slice(0, 256 * 1024) ?? "")?.[1],
      );
      if (isPort(port)) return port;
    }
  }
  return null;
}
