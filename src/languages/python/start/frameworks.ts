/** Pure: Python's web frameworks, as tables: how each is told in a module, and what starts it. */
import { shellQuote } from "../../../lib/shell-words.ts";
import type { Target } from "./servers.ts";
import { portOf } from "./servers.ts";

/** Its app is an object of a module, which a server is given by name. */
export interface AppFramework {
  name: string;
  /** As indexes have it. */
  package: string;
  /** What is imported where the app is made. */
  imports: readonly string[];
  /** What is called for the app. */
  calls: readonly string[];
  interface: "wsgi" | "asgi";
  /** Of its own documentation, where the app names none. */
  port?: number;
  /** What a server is given, where that is another variable; undefined where there is none. */
  served?(variable: string, code: string): string | undefined;
  /** Its own command, before any server. */
  preferred?(target: Target): string;
  /** Its own command, where no server is among the dependencies. */
  own?(target: Target): string | undefined;
}

/** Started by a command of its own that is given a file. */
export interface FileFramework {
  name: string;
  package: string;
  imports: readonly string[];
  /** What the file does; without it, importing it is enough. */
  tells?: RegExp;
  /** Names of files that its documentation has, before the usual ones. */
  files: readonly string[];
  port: number;
  line(file: string, port: string): string;
}

/** The first whose app is found is taken: those that are built upon another come before it. */
export const APP_FRAMEWORKS: readonly AppFramework[] = [
  {
    ...{ name: "Socket.IO", package: "python-socketio", imports: ["socketio"], interface: "asgi" },
    calls: ["ASGIApp"],
  },
  {
    ...{ name: "FastHTML", package: "python-fasthtml", imports: ["fasthtml"], interface: "asgi" },
    calls: ["FastHTML", "FastHTMLWithLiveReload", "fast_app"],
  },
  {
    ...{ name: "FastAPI", package: "fastapi", imports: ["fastapi"], interface: "asgi" },
    calls: ["FastAPI"],
  },
  {
    ...{ name: "Quart", package: "quart", imports: ["quart"], interface: "asgi" },
    calls: ["Quart"],
  },
  {
    ...{ name: "Litestar", package: "litestar", imports: ["litestar"], interface: "asgi" },
    calls: ["Litestar"],
  },
  {
    ...{ name: "Sanic", package: "sanic", imports: ["sanic"], interface: "asgi" },
    calls: ["Sanic"],
    preferred: ({ module, variable, isFactory, port }) =>
      `sanic ${module}:${variable}${isFactory ? " --factory" : ""} --host 0.0.0.0 --port ${portOf(port)} --single-process`,
  },
  {
    ...{ name: "BlackSheep", package: "blacksheep", imports: ["blacksheep"], interface: "asgi" },
    calls: ["Application"],
  },
  {
    ...{ name: "Dash", package: "dash", imports: ["dash"], interface: "wsgi", port: 8050 },
    ...{ calls: ["Dash"], own: flask },
    // What a server is given is the Flask inside.
    served: (variable, code) =>
      new RegExp(`^(\\w+)\\s*=\\s*${variable}\\.server\\b`, "m").exec(code)?.[1],
  },
  {
    ...{ name: "APIFlask", package: "apiflask", imports: ["apiflask"], interface: "wsgi" },
    ...{ calls: ["APIFlask"], own: flask },
  },
  {
    ...{ name: "Flask", package: "flask", imports: ["flask", "flask_openapi3"], interface: "wsgi" },
    ...{ calls: ["Flask", "OpenAPI"], own: flask },
  },
  {
    ...{ name: "Falcon", package: "falcon", imports: ["falcon.asgi"], interface: "asgi" },
    calls: ["App"],
  },
  {
    ...{ name: "Falcon", package: "falcon", imports: ["falcon"], interface: "wsgi" },
    calls: ["App", "API"],
  },
  {
    ...{ name: "Bottle", package: "bottle", imports: ["bottle"], interface: "wsgi", port: 8080 },
    calls: ["Bottle", "default_app", "app"],
    own: ({ module, variable, isFactory, port }) =>
      isFactory
        ? undefined
        : `python -m bottle --bind 0.0.0.0:${portOf(port)} ${module}:${variable}`,
  },
  {
    ...{ name: "Starlette", package: "starlette", imports: ["starlette"], interface: "asgi" },
    calls: ["Starlette"],
  },
];

export const FILE_FRAMEWORKS: readonly FileFramework[] = [
  {
    ...{ name: "Streamlit", package: "streamlit", imports: ["streamlit"], port: 8501 },
    files: ["streamlit_app.py", "Home.py", "home.py"],
    line: (file, port) =>
      `streamlit run ${file} --server.port ${port} --server.address 0.0.0.0 --server.headless true`,
  },
  {
    ...{ name: "Chainlit", package: "chainlit", imports: ["chainlit"], port: 8000, files: [] },
    line: (file, port) => `chainlit run ${file} --host 0.0.0.0 --port ${port} --headless`,
  },
  {
    ...{ name: "Gradio", package: "gradio", imports: ["gradio"], port: 7860, files: [] },
    tells: /\.launch\s*\(/,
    line: (file, port) => `GRADIO_SERVER_NAME=0.0.0.0 GRADIO_SERVER_PORT=${port} python ${file}`,
  },
  {
    ...{ name: "Panel", package: "panel", imports: ["panel"], port: 5006, files: [] },
    tells: /\.servable\s*\(/,
    line: (file, port) =>
      `panel serve ${file} --address 0.0.0.0 --port ${port} --allow-websocket-origin='*'`,
  },
  {
    ...{ name: "Bokeh", package: "bokeh", imports: ["bokeh"], port: 5006, files: [] },
    tells: /\bcurdoc\s*\(/,
    line: (file, port) =>
      `bokeh serve ${file} --address 0.0.0.0 --port ${port} --allow-websocket-origin='*'`,
  },
  {
    ...{ name: "Shiny", package: "shiny", imports: ["shiny"], port: 8000, files: [] },
    line: (file, port) => `shiny run ${file} --host 0.0.0.0 --port ${port}`,
  },
  {
    ...{ name: "Solara", package: "solara", imports: ["solara"], port: 8765, files: ["sol.py"] },
    line: (file, port) => `solara run ${file} --host 0.0.0.0 --port ${port} --production`,
  },
  {
    ...{
      name: "marimo",
      package: "marimo",
      imports: ["marimo"],
      port: 8080,
      files: ["notebook.py"],
    },
    tells: /\bmarimo\.App\s*\(/,
    line: (file, port) => `marimo run ${file} --host 0.0.0.0 --port ${port} --headless`,
  },
  {
    ...{ name: "Mesop", package: "mesop", imports: ["mesop"], port: 8080, files: [] },
    tells: /@me\.page\b/,
    line: (file, port) => `mesop ${file} --port ${port} --prod`,
  },
  {
    // Without the Flask inside under a name of its own; its server reads both variables.
    ...{ name: "Dash", package: "dash", imports: ["dash"], port: 8050, files: [] },
    tells: /\.run(?:_server)?\s*\(/,
    line: (file, port) => `HOST=0.0.0.0 PORT=${port} python ${file}`,
  },
  {
    ...{ name: "Robyn", package: "robyn", imports: ["robyn"], port: 8080, files: [] },
    tells: /\bRobyn\s*\(/,
    line: (file, port) => `ROBYN_HOST=0.0.0.0 ROBYN_PORT=${port} python ${file}`,
  },
];

/** What the variable of an app is called, the usual first. */
export const APP_VARIABLES = ["app", "application", "api", "server", "asgi", "wsgi", "webapp"];

/** Functions that make an app. */
export const FACTORIES = [
  ...["create_app", "make_app", "get_app", "build_app", "app_factory", "create_application"],
  ...["get_application", "create_api", "init_app"],
];

/** Libraries that give tasks to workers. */
export const WORKER_LIBRARIES = ["celery", "dramatiq", "huey"];

/** Each module in which something is found has one of them. */
export const TELLING_WORDS: readonly string[] = [
  ...[...APP_FRAMEWORKS, ...FILE_FRAMEWORKS].flatMap(({ imports }) =>
    imports.map((name) => name.replace(/\..*/, "")),
  ),
  ...[...FACTORIES, ...WORKER_LIBRARIES],
];

// --- internal ---

/** The variable, since the option `--app` came with Flask 2.2 only. */
function flask({ module, variable, port }: Target): string {
  const app = shellQuote(`${module}:${variable}`);
  return `FLASK_APP=${app} flask run --host 0.0.0.0 --port ${portOf(port)}`;
}
