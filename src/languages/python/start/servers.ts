/** Pure: the servers of Python's web apps (WSGI, ASGI), as a table: which is taken, and its command line. */
import type { DeclaredPackages } from "../manifests/declared-packages.ts";

/** By which name a module is imported. */
export interface ImportName {
  /** As in `import app.main`. */
  module: string;
  /** The folder that has to be on Python's path; empty for the top, which always is. */
  root: string;
}

/** What a server is given. */
export interface Target extends ImportName {
  /** The app's name in its module, or that of the function that makes it. */
  variable: string;
  isFactory: boolean;
  /** The port where the variable PORT says nothing. */
  port: number;
}

export interface Server {
  /** A package that brings it. */
  package: string;
  /** Undefined for what it cannot serve. */
  line(target: Target): string | undefined;
}

/** The first that is among the dependencies is taken. */
export const SERVERS: Readonly<Record<"wsgi" | "asgi", readonly Server[]>> = {
  wsgi: [
    {
      package: "gunicorn",
      line: (target) => `gunicorn --bind ${address(target)} ${called(target)}`,
    },
    {
      package: "waitress",
      line: ({ module, variable, isFactory, port }) =>
        `waitress-serve --listen=0.0.0.0:${portOf(port)} ${isFactory ? "--call " : ""}${module}:${variable}`,
    },
    {
      package: "hypercorn",
      line: (target) => `hypercorn --bind ${address(target)} ${wsgiTarget(target)}`,
    },
    {
      package: "uwsgi",
      line: (target) =>
        `uwsgi --http ${address(target)} --master --die-on-term --module ${called(target)}`,
    },
    { package: "granian", line: (target) => granian(target, "wsgi") },
  ],
  asgi: [
    {
      package: "uvicorn",
      line: (target) =>
        `uvicorn${target.isFactory ? " --factory" : ""} ${plain(target)} --host 0.0.0.0 --port ${portOf(target.port)}`,
    },
    {
      package: "hypercorn",
      line: (target) => `hypercorn --bind ${address(target)} ${called(target)}`,
    },
    { package: "granian", line: (target) => granian(target, "asgi") },
    {
      package: "daphne",
      line: (target) =>
        target.isFactory
          ? undefined
          : `daphne -b 0.0.0.0 -p ${portOf(target.port)} ${plain(target)}`,
    },
  ],
};

/** With the folder of its modules on Python's path. */
export function serverLine(
  kind: "wsgi" | "asgi",
  target: Target,
  declared: DeclaredPackages,
): string | undefined {
  for (const server of SERVERS[kind]) {
    const line = declared.has(server.package) ? server.line(target) : undefined;
    if (line !== undefined) return withRoot(target, line);
  }
  return undefined;
}

/** A line that finds modules below a folder. */
export function withRoot({ root }: Pick<ImportName, "root">, line: string): string {
  return root === "" ? line : `PYTHONPATH=${root} ${line}`;
}

/** The variable PORT in a line of the shell. */
export function portOf(port: number): string {
  return `\${PORT:-${port}}`;
}

// --- internal ---

function address({ port }: Target): string {
  return `0.0.0.0:${portOf(port)}`;
}

function plain({ module, variable }: Target): string {
  return `${module}:${variable}`;
}

function called({ module, variable, isFactory }: Target): string {
  return isFactory ? `'${module}:${variable}()'` : `${module}:${variable}`;
}

function wsgiTarget(target: Target): string {
  return target.isFactory ? called(target) : `wsgi:${plain(target)}`;
}

function granian(target: Target, kind: "wsgi" | "asgi"): string {
  const factory = target.isFactory ? " --factory" : "";
  return `granian --interface ${kind}${factory} --host 0.0.0.0 --port ${portOf(target.port)} ${plain(target)}`;
}
