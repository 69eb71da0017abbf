/** Pure: where a program of Rust's listens, as far as its files tell. */
import { parseTOML } from "confbox/toml";
import type { SourceTree } from "../../source/source-tree.ts";
import type { Binary } from "./binaries.ts";
import type { CargoProject } from "./project.ts";
import { type RustFile, rustFiles } from "./sources.ts";

export interface FoundPort {
  /** Null where nothing says so. */
  port: number | null;
  /** The file that has it listen to its own container alone. */
  onlyLocal: string | null;
}

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
  let isRead = false;
  for (const { text } of files) {
    const read = READS.exec(text);
    if (read === null) continue;
    isRead = true;
    const port = defaultAt(text, read.index);
    if (port !== null) return { port, onlyLocal: null };
  }
  const found = listens(files.filter((one) => own.includes(one)));
  if (isRead) return { port: found?.port ?? USUAL, onlyLocal: null };
  return { port: found?.port ?? null, onlyLocal: found?.isLocal ? found.path : null };
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
const USUAL = 8080;

/** `env::var("PORT")`, `#[arg(env = "PORT")]`, `#[envconfig(from = "PORT")]`, `env_or("PORT", …)` */
const READS =
  /(?:\b(?:var|var_os|get|parse|env\w*|optional|option_env!)\s*\(\s*|\b(?:env|from)\s*=\s*)"PORT"/;

const NUMBER = /"(?:[\w.[\]]*:)?(\d{2,5})"|\b(\d{2,5})(?:_?u16|_?u32)?\s*[),;\]}]|=\s*(\d{2,5})\b/g;

/** A number soon after. */
function defaultAt(text: string, index: number): number | null {
  for (const [, ...groups] of text.slice(index, index + 260).matchAll(NUMBER)) {
    const port = Number(groups.find((one) => one !== undefined));
    if (isPort(port)) return port;
  }
  return null;
}

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

function listens(files: readonly RustFile[]) {
  for (const pattern of LISTENS) {
    for (const { path, text } of files) {
      const { host = "", port } = pattern.exec(text)?.groups ?? {};
      if (isPort(Number(port))) return { port: Number(port), isLocal: LOCAL.test(host), path };
    }
  }
  return undefined;
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 80 && port < 65536;
}
