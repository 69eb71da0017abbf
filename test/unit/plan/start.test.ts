/** What an app is started with, the port that it gets, and apps that are refused. */
import { describe, expect, test } from "bun:test";
import type { Language, LanguagePlan } from "../../../src/languages/language.ts";
import { type AppStart, planStart } from "../../../src/plan/app-start.ts";
import { rejectMissingStart, rejectUnbuilt } from "../../../src/plan/missing-start.ts";
import type { PlannedPart } from "../../../src/plan/parts.ts";
import type { RequestedWork } from "../../../src/plan/requested-work.ts";
import { planRunSettings, withPort } from "../../../src/plan/run-settings.ts";
import { memoryTree } from "../../helpers/memory-tree.ts";
import { NO_WORK } from "../agent/facts.ts";

const NOTHING: LanguagePlan = { packages: [], install: [], build: [] };
const LANGUAGE: Language = {
  name: "x",
  installsPython: false,
  manifests: [],
  detect: () => "x",
  plan: () => NOTHING,
};

function part(plan: Partial<LanguagePlan>, more: Partial<PlannedPart> = {}): PlannedPart {
  const place = { dir: "", file: "x", member: null, replacedBy: null, place: "here" as const };
  return { language: LANGUAGE, ...place, ...more, plan: { ...NOTHING, ...plan } };
}

const SERVER = part({ start: { line: "serve", from: { what: "x" }, port: 3000 } });
const FRONT = part(
  { start: { line: "vite", from: { what: "ui/x" }, dir: "ui", port: 5173 } },
  { dir: "ui", file: "ui/x" },
);
const SITE = part({ site: { folder: "dist", fallback: "index", from: { what: "x" } } });
const RUN = [{ line: "run --port $PORT", from: "run.start" }];

interface Row {
  name: string;
  parts?: PlannedPart[];
  work?: Partial<RequestedWork>;
  procfile?: string;
  script?: string;
  /** The line, and where it comes from. */
  starts: [string, string] | null;
  port?: number | null;
  warnings?: string[];
}

const rows: Row[] = [
  {
    name: "run.start",
    parts: [SERVER],
    work: { start: RUN },
    procfile: "web: x",
    starts: ["run --port $PORT", "run.start"],
    port: 8080,
  },
  {
    name: "a start script",
    parts: [SERVER],
    script: "start.py",
    procfile: "web: x",
    starts: ["start.py", "start.py"],
  },
  {
    name: "Procfile",
    parts: [SERVER],
    procfile: "web: x",
    starts: ["x", "Procfile:1"],
    port: 3000,
  },
  {
    name: "Procfile, of which no language knows a port",
    procfile: "web: x",
    starts: ["x", "Procfile:1"],
    port: 8080,
  },
  { name: "Procfile without a port", procfile: "worker: x", starts: ["x", "Procfile:1"] },
  { name: "a language", parts: [SERVER], starts: ["serve", "x"], port: 3000 },
  {
    name: "a server before its front end",
    parts: [FRONT, SERVER],
    starts: ["serve", "x"],
    port: 3000,
    warnings: ['ui/x: "vite" is not started'],
  },
  { name: "a front end alone", parts: [FRONT], starts: ["vite", "ui/x"], port: 5173 },
  { name: "a server before a site", parts: [SITE, SERVER], starts: ["serve", "x"], port: 3000 },
  { name: "a site", parts: [SITE], starts: ["sh /nua/scripts/serve.sh", "x"], port: 80 },
  {
    name: "run.static",
    parts: [SERVER],
    work: { staticFolder: "./public/" },
    starts: ["sh /nua/scripts/serve.sh", "run.static"],
    port: 80,
  },
  {
    name: "nothing",
    parts: [part({ lookedFor: ["main.x", "Procfile"] })],
    starts: null,
    warnings: [
      "no start command: there is none of run.start, run.start-script, nua/start.py, nua/scripts/start.py, start.py, Procfile, main.x; the image says so when started",
    ],
  },
  {
    name: "nothing yet, where commands may make it",
    work: { build: [{ line: "x", from: "build.build" }] },
    starts: null,
  },
];

describe("the start", () => {
  test.each(rows)("$name", ({ starts, port = null, warnings = [], ...row }) => {
    const start = startOf(row);
    const line = start.configured.at(-1) ?? start.script ?? start.detected?.line;
    expect(start.from && [line, start.from.what]).toEqual(starts as never);
    expect(start.port).toBe(port);
    expect(start.warnings).toEqual(warnings);
    expect(start.isMissingTold).toBe(warnings.some((text) => text.startsWith("no start")));
  });

  test("a Procfile in the folder of the server is run there", () => {
    const files = { "api/Procfile": "web: x\nworker: y\n" };
    const start = startOf({ parts: [FRONT, part({}, { dir: "api" })], files });
    expect(start.detected).toMatchObject({
      line: "x",
      dir: "api",
      from: { what: "api/Procfile:1" },
    });
    expect(start.warnings[0]).toBe("api/Procfile:2: worker is not started, only web");
  });

  const processes = { Procfile: "web: top", "api/Procfile": "web: x", "b/x": "" };
  test.each<[string, PlannedPart, string | undefined]>([
    ["a folder's own", part({}, { dir: "api" }), "x"],
    ["none of what lies above a folder", part({}, { dir: "b" }), undefined],
    ["a member's own", part({}, { member: "api" }), "x"],
    ["that of the workspace", part({}, { member: "b" }), "top"],
  ])("of an app that is chosen, the Procfile: %s", (_, chosen, line) => {
    const start = startOf({ work: { app: "chosen" }, parts: [chosen], files: processes });
    expect(start.detected?.line).toBe(line);
  });

  test("a port that no file of the language tells is the one that the app's Dockerfile exposes", () => {
    const files = { Dockerfile: "FROM x\nEXPOSE 9001\n" };
    const silent = part({ start: { line: "serve", from: { what: "x" } } });
    const start = startOf({ parts: [silent], files });
    expect([start.port, start.portFrom]).toEqual([9001, { what: "Dockerfile", line: 2 }]);
    expect(startOf({ parts: [SERVER], files })).toMatchObject({ port: 3000, portFrom: null });
  });

  test("what is started is not served as well", () => {
    expect(startOf({ work: { start: RUN, staticFolder: "x" } }).warnings).toEqual([
      'run.static: "x" is not served, since run.start is started',
    ]);
  });

  test("a line of a manager's becomes what that starts", () => {
    const language: Language = {
      ...LANGUAGE,
      plainCommand: (_, line) =>
        line === "go" ? { line: "node a", from: { what: "x" }, port: 9 } : null,
    };
    const parts = [part({}, { language })];
    const work = {
      start: [
        { line: "first", from: "run.start[0]" },
        { line: "go", from: "run.start[1]" },
      ],
    };
    expect(startOf({ parts, work })).toMatchObject({ configured: ["first", "node a"], port: 9 });
    expect(startOf({ parts, procfile: "web: go" }).detected).toMatchObject({ line: "node a" });
    expect(startOf({ parts, procfile: "web: go on" }).detected?.line).toBe("go on");
  });
});

const METADATA = { id: "a", version: "1", title: "A", author: "Me" };

describe("environment and port", () => {
  test.each<[object, object, number | null]>([
    [{}, { PORT: "3000", X: "y" }, 3000],
    [{ run: { port: 4000 } }, { PORT: "4000", X: "y" }, 4000],
    [{ port: { web: { container: 5000 } } }, { PORT: "5000", X: "y" }, 5000],
    [{ env: { PORT: "6000", X: "mine" } }, {}, 6000],
    [{ port: { web: { container: { key: "PORT" } } }, env: { PORT: "x" } }, { X: "y" }, 3000],
  ])("%j", (config, env, port) => {
    const app = {
      parts: [part({ ...SERVER.plan, env: { X: "y" } })],
      start: startOf({ parts: [SERVER] }),
    };
    expect(planRunSettings({ metadata: METADATA, ...config }, app)).toEqual({ env, port } as never);
  });

  test("a configuration without ports gets the app's", () => {
    const config = { metadata: METADATA, port: {} };
    const web = { container: 3000, host: null, proxy: null, protocol: "tcp", ssl: true, web: true };
    expect(withPort(config, { env: {}, port: 3000 }).port).toEqual({ web });
    expect(withPort(config, { env: {}, port: null }).port).toEqual({});
    const other = { ...config, port: { api: { container: 1 } } };
    expect(withPort(other, { env: {}, port: 3000 })).toEqual(other);
  });
});

describe("apps that nothing builds", () => {
  const UNKNOWN: [string, string][] = [
    ["pom.groovy", "Polyglot Maven"],
    ["composer.json", "PHP"],
    ["mix.exs", "Elixir"],
    ["Shop.csproj", ".NET"],
    ["deno.json", "Deno"],
    ["build.zig", "Zig"],
  ];
  const reject =
    (files: Record<string, string>, row: Partial<Row> & { isPrepared?: boolean } = {}) =>
    () => {
      const { isPrepared = true, work, parts = [] } = row;
      const tree = memoryTree(files);
      const start = startOf({ ...row, files });
      const known = { work: { ...NO_WORK, ...work }, tree, parts, foundBuildScript: null };
      rejectUnbuilt({ ...known, start, isPrepared });
    };

  test.each(UNKNOWN)("%s", (file, title) => {
    expect(reject({ [file]: "" })).toThrow(`Build "${file}": nua-build does not know ${title} yet`);
  });

  test.each<[string, Partial<Row>]>([
    ["that are started", { work: { start: RUN } }],
    ["that have commands", { work: { build: [{ line: "make", from: "build.build" }] } }],
    ["that are something else", { parts: [SERVER] }],
    ["that are named otherwise", { work: { languages: ["python"] } }],
    ["with a Procfile", { procfile: "web: ./app" }],
  ])("but not those %s", (_, row) => {
    expect(reject({ "build.sbt": "" }, row)).not.toThrow();
  });

  test("nor is a server in a folder of its own passed over", () => {
    const front = part(SITE.plan, { language: { ...LANGUAGE, buildsFrontEnds: true } });
    const files = { "backend/build.sbt": "" };
    expect(reject(files, { parts: [front] })).toThrow('Build "backend/build.sbt"');
  });

  test("a front end is not all of it", () => {
    const front = part(SITE.plan, { language: { ...LANGUAGE, buildsFrontEnds: true } });
    expect(reject({ "build.sbt": "" }, { parts: [front] })).toThrow("does not know Scala");
  });

  test("a folder that says nothing at all", () => {
    expect(reject({ "a.txt": "" }, { isPrepared: false })).toThrow("neither how it is built nor");
    expect(reject({ "a.txt": "" })).not.toThrow();
  });

  test("a start command may be required", () => {
    expect(() => rejectMissingStart(startOf({}))).toThrow("there is none of run.start");
    expect(() => rejectMissingStart(startOf({ parts: [SERVER] }))).not.toThrow();
  });
});

function startOf(row: Partial<Row> & { files?: Record<string, string> }): AppStart {
  const { parts = [], work = {}, procfile, script = null, files = {} } = row;
  return planStart({
    ...{ work: { ...NO_WORK, ...work }, parts, foundStartScript: script, foundBuildScript: null },
    tree: memoryTree({ ...files, ...(procfile === undefined ? {} : { Procfile: procfile }) }),
    ...{ isPrepared: true, isLayered: true, placeOf: () => undefined },
  });
}
