/** Pure: where a program of Rust's listens, as far as its files tell. */
import { parseTOML } from "confbox/toml";
import type { SourceTree } from "../../source/source-tree.ts";
import {
  type FoundPort,
  findListening,
  findPort,
  isPort,
  type PortWords,
} from "../listening-port.ts";
import type { Binary } from "./binaries.ts";
import type { CargoProject } from "./project.ts";
import { rustFiles } from "./sources.ts";

/** Where it reads PORT: what it takes without; else where it says that it listens. */
export function portOf(
  tree: SourceTree,
  project: CargoProject,
  { crate, file }: Binary,
): FoundPort {
  const all = project.crates.flatMap((one) => rustFiles(tree, one.folder));
  const own = rustFiles(tree, crate.folder);
  // Its own file says more than any other, and those of its package more than others.
  const ordered = [...own.filter(({ path }) => path === file), ...own, ...all];
  const files = [...new Set(ordered)];
  const listening = files.filter((one) => own.includes(one));
  return findPort(files, WORDS, () => findListening(listening, WORDS));
}

/** Of Rocket: Rocket.toml, else its own. Source: the guide of Rocket, "Configuration". */
export function rocketPort(tree: SourceTree, folder: string): number {
  const text = tree.text(folder === "" ? ROCKET : `${folder}/${ROCKET}`) ?? tree.text(ROCKET) ?? "";
  try {
    const profiles = parseTOML(text) as Record<string, { port?: unknown } | undefined>;
    const ports = ["global", "release", "default"].map((name) => Number(profiles[name]?.port));
    return ports.find(isPort) ?? 8000;
  } catch {
    return 8000;
  }
}

// --- internal ---

const ROCKET = "Rocket.toml";

/** `env::var("PORT")`, `#[arg(env = "PORT")]`, `#[envconfig(from = "PORT")]`, `env_or("PORT", …)` */
const READS =
  /(?:\b(?:var|var_os|get|parse|env\w*|optional|option_env!)\s*\(\s*|\b(?:env|from)\s*=\s*)"PORT"/;

const NUMBER = /"(?:[\w.[\]]*:)?(\d{2,5})"|\b(\d{2,5})(?:_?u16|_?u32)?\s*[),;\]}]|=\s*(\d{2,5})\b/g;

/** An address of one's own in the forms that servers take. */
const LISTENS = [
  // bind("0.0.0.0:8080"), listen("…"), TcpListener::new("…"), "[::]:3000".parse()
  /\b(?:bind\w{0,40}|listen|run|serve|from_str|TcpListener::new|TcpListener::bind)\s*\(\s*&?"(?<host>[\w.[\]:-]*):(?<port>\d{2,5})"/,
  /"(?<host>0\.0\.0\.0|127\.0\.0\.1|localhost|\[::1?\]):(?<port>\d{2,5})"/,
  // bind(("0.0.0.0", 8080))
  /\(\s*"(?<host>[\d.]+|localhost|::1?)"\s*,\s*(?<port>\d{2,5})\s*\)/,
  // ([0, 0, 0, 0], 3000)
  /\(\s*\[(?<host>\d+(?:,\s*\d+){3})\]\s*,\s*(?<port>\d{2,5})\s*\)/,
  // (Ipv4Addr::UNSPECIFIED, 3000)
  /Ipv[46]Addr::(?<host>UNSPECIFIED|LOCALHOST)\)?\s*,\s*(?<port>\d{2,5})\b/,
  // const PORT: u16 = 3000; fn default_port() -> u16 { 3000 }; #[arg(long, default_value_t = 3000)] port: u16
  /(?<host>)\b(?:\w+_)?PORT\s*:\s*u\d+\s*=\s*(?<port>\d{2,5})\b/,
  /(?<host>)\bfn\s{1,8}\w{0,40}port\w{0,40}\(\)\s*->\s*\w+\s*\{\s*(?<port>\d{2,5})\s*\}/,
  /(?<host>)default_value(?:_t)?\s*=\s*"?(?<port>\d{2,5})"?\s*[,)][^;{}]{0,120}?\b\w{0,40}port\s*:/,
];

const LOCAL = /^(?:127\.|127,|localhost$|\[?::1\]?$|LOCALHOST$)/;

const WORDS: PortWords = { reads: READS, numbers: NUMBER, listens: LISTENS, local: LOCAL };
