/** Pure: the server that a Python file starts when it is run itself: its host, its port, and what else is done. */
import type { PythonModule } from "./modules.ts";
import { argumentsAt, literalString, splitArguments } from "./python-text.ts";

export interface ServerCall {
  /** Whether other machines are known to reach it. */
  isOpen: boolean;
  /** Whether it is written down that only its own machine does. */
  isLocal: boolean;
  /** The port that is written down, or the one that is taken where no variable says otherwise. */
  port?: number;
  /** Whether it takes its port from the variable PORT. */
  readsPort: boolean;
  /** Whether the file does nothing else when it is run. */
  isAlone: boolean;
}

/** Undefined where running the file starts no server that is known. */
export function serverCall(module: PythonModule): ServerCall | undefined {
  const { code, mainBlock } = module;
  const call = lastCall(mainBlock ?? "") ?? lastCall(code);
  if (call === undefined) return undefined;
  const args = splitArguments(call.arguments);
  const host =
    args.get("host") ?? args.get("server_name") ?? (call.isFlask ? args.get("0") : undefined);
  const port =
    args.get("port") ?? args.get("server_port") ?? (call.isFlask ? args.get("1") : undefined);
  const number = portNumber(port, code) ?? (port === undefined ? call.port : undefined);
  return {
    isOpen: isOpenHost(host, code) || (host === undefined && call.opens),
    isLocal: host !== undefined && LOOPBACK.test(literalString(host) ?? ""),
    ...(number === undefined ? {} : { port: number }),
    readsPort: readsPort(port, code),
    isAlone: mainBlock !== undefined && isAlone(mainBlock),
  };
}

/** The port where the variable PORT says nothing, in code that reads it or serves by itself. */
export function readPort(code: string): number | undefined {
  const found =
    /\b(?:environ\.get|getenv)\(\s*["']PORT["']\s*(?:,\s*["']?(\d{2,5})["']?\s*)?\)|\benviron\[\s*["']PORT["']\s*\]/.exec(
      code,
    );
  if (found !== null) return Number(found[1] ?? 8000);
  const bound = /\b\w*(?:HTTP|TCP)Server\(\s*\(\s*["'](?:0\.0\.0\.0)?["']\s*,\s*(\w+)/.exec(code);
  return portNumber(bound?.[1], code);
}

// --- internal ---

interface FoundCall {
  arguments: string;
  /** `app.run(host, port)`: the first arguments are these. */
  isFlask: boolean;
  /** Where no host is given, it listens for everybody. */
  opens: boolean;
  /** Where no port is given. */
  port: number | undefined;
}

/** Of servers and of apps that serve themselves. */
const CALLS =
  /\b(?:(uvicorn|hypercorn|granian|waitress|ui|web|socketio|sio|eventlet|bjoern)\.)?(?:(?<app>\w+)\.)?(run|run_app|serve|run_simple|run_server|launch|serve_forever|listen)\s*\(/g;

/** Source: NiceGUI, aiohttp, uvicorn, waitress. */
const USUAL_PORTS: Readonly<Record<string, number>> = {
  ...{ ui: 8080, run_app: 8080, uvicorn: 8000, waitress: 8080 },
};

const OPEN_BY_ITSELF = new Set(["run_app", "listen", "serve"]);

function lastCall(code: string): FoundCall | undefined {
  const calls = [...code.matchAll(CALLS)].filter(({ groups }) => !NO_APPS.has(groups?.app ?? ""));
  const found = calls.at(-1);
  if (found === undefined) return undefined;
  const [text, library, app, name = ""] = found;
  return {
    arguments: argumentsAt(code, found.index + text.length - 1),
    isFlask: library === undefined && app !== undefined && name === "run",
    opens: OPEN_BY_ITSELF.has(name) || library === "ui",
    port: USUAL_PORTS[name] ?? USUAL_PORTS[library ?? ""],
  };
}

/** `subprocess.run(…)` and others that serve nothing. */
const NO_APPS = new Set([
  ...["subprocess", "asyncio", "trio", "anyio", "mcp", "pytest", "bot", "client", "loop", "runner"],
]);

function isOpenHost(host: string | undefined, code: string): boolean {
  if (host === undefined) return false;
  const text = literalString(host);
  if (text !== undefined) return !LOOPBACK.test(text);
  if (/["'](127\.0\.0\.1|localhost|::1)["']/.test(host)) return false;
  const named = /^[A-Za-z_]\w*$/.test(host) ? constant(host, code) : undefined;
  return named === undefined ? /environ|getenv|0\.0\.0\.0|::/.test(host) : isOpenHost(named, "");
}

const LOOPBACK = /^(127\.|localhost$|::1$)/;

/** `port=8080`, `port=int(os.environ.get("PORT", 8080))`, or a name for either. */
function portNumber(port: string | undefined, code: string): number | undefined {
  if (port === undefined) return undefined;
  const named = /^[A-Za-z_]\w*$/.test(port) ? constant(port, code) : port;
  const digits = /(?:^|[\s(,"'])(\d{2,5})(?=$|[\s),"'])/.exec(named ?? "")?.[1];
  const number = Number(digits);
  return digits !== undefined && number > 0 && number < 65536 ? number : undefined;
}

function readsPort(port: string | undefined, code: string): boolean {
  if (port === undefined) return false;
  const named = /^[A-Za-z_]\w*$/.test(port) ? (constant(port, code) ?? "") : port;
  return /["']PORT["']/.test(named);
}

/** What is assigned to a name, wherever it is for the first time. */
function constant(name: string, code: string): string | undefined {
  return new RegExp(`^[ \\t]*${name}\\s*(?::[^=\\n]+)?=\\s*([^\\n]+)`, "m").exec(code)?.[1]?.trim();
}

/** Whether nothing stands in a block but the call of a server, imports and what is printed. */
function isAlone(block: string): boolean {
  const statements = statementsOf(block).filter((line) => !HARMLESS.test(line));
  return statements.length === 1 && new RegExp(CALLS.source).test(statements[0]!);
}

const HARMLESS =
  /^(import\b|from\b|print\(|pass\b|(\w*port|\w*host|debug)\s*=|log(ger|ging)?\.\w+\()/i;

/** Lines, joined where parentheses go on. */
function statementsOf(block: string): string[] {
  const found: string[] = [];
  let open = 0;
  for (const line of block.split("\n")) {
    const text = line.trim();
    if (text === "") continue;
    if (open > 0) found[found.length - 1] += ` ${text}`;
    else found.push(text);
    open += (text.match(/[([{]/g)?.length ?? 0) - (text.match(/[)\]}]/g)?.length ?? 0);
  }
  return found;
}
