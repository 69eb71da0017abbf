/** How apps of Deno's are found, built and started. */
import { describe, expect, test } from "bun:test";
import { detectLanguages } from "../../../../src/languages/languages.ts";
import { findParts, planParts } from "../../../../src/plan/parts.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";
import { NO_WORK, PYTHON_ALONE } from "../../agent/facts.ts";

type Files = Record<string, string>;

const SERVER = "Deno.serve(() => new Response('hi'));\n";
const config = (value: object) => JSON.stringify(value);
const lock = (specifiers: Record<string, string> = {}, remote: Record<string, string> = {}) =>
  JSON.stringify({ version: "5", specifiers, remote });

const app = (more: Files = {}): Files => ({
  ...{ "deno.json": "{}", "deno.lock": lock(), "main.ts": SERVER },
  ...more,
});

interface Asked {
  app?: string | null;
  start?: string;
  id?: string;
}

const partsOf = (files: Files, { app: chosen = null, start, id = "" }: Asked = {}) => {
  const tree = memoryTree(files);
  const work = {
    ...NO_WORK,
    app: chosen,
    rendered: { id, version: "1.0" },
    start: start === undefined ? [] : [{ line: start, from: "run.start" }],
  };
  const input = { work, tree, foundBuildScript: null };
  const placed = { ...input, builtWith: PYTHON_ALONE, versions: {}, place: "here" as const };
  return planParts(findParts(input), placed);
};

const planOf = (files: Files, asked?: Asked) =>
  partsOf(files, asked).find(({ language }) => language.name === "deno")!.plan;

/** The lines of Deno's own. */
const lines = (files: Files, asked?: Asked) => {
  const { install, build } = planOf(files, asked);
  return [...install, ...build].flatMap((command) =>
    command.kind === "run" && command.argv[0] === "deno" ? [command.argv.join(" ")] : [],
  );
};

const startOf = (files: Files, asked?: Asked) => {
  const { start, site } = planOf(files, asked);
  return start ? [start.line, start.port] : ["site", site?.folder];
};

describe("is found", () => {
  const PACKAGE = (scripts: object, dependencies = { express: "5" }) =>
    config({ scripts, dependencies });
  test.each<[string, Files, string[]]>([
    ["by its settings", { "deno.json": "{}" }, ["deno"]],
    ["by settings with comments", { "deno.jsonc": "// a\n{}" }, ["deno"]],
    ["by its lock file", { "deno.lock": lock() }, ["deno"]],
    ["by a program that is written for it", { "main.ts": SERVER }, ["deno"]],
    ["by what a program imports", { "main.ts": 'import "jsr:@std/path";' }, ["deno"]],
    ["not by a program that may be anybody's", { "main.ts": "console.log(1);" }, []],
    ["not by such a program of Node's", { "main.ts": SERVER, "package.json": "{}" }, ["node"]],
    [
      "beside package.json, which it reads, where its tasks start the app",
      app({
        "deno.json": config({ tasks: { start: "deno run -A main.ts" } }),
        "package.json": PACKAGE({}),
      }),
      ["deno"],
    ],
    [
      "beside package.json whose script is of Deno's",
      app({ "package.json": PACKAGE({ start: "deno run -A main.ts" }) }),
      ["deno"],
    ],
    [
      "not where it only formats what is Node's",
      {
        "deno.json": config({ fmt: { semiColons: false } }),
        "package.json": PACKAGE({ start: "node server.js" }),
        "server.js": "",
      },
      ["node"],
    ],
    [
      "not where another manager has locked what Node starts",
      {
        ...app({ "package.json": PACKAGE({ build: "vite build" }), "package-lock.json": "{}" }),
        "main.ts": "console.log(1);",
      },
      ["node"],
    ],
    [
      "not where it only formats what is Python's",
      { "deno.json": config({ fmt: {} }), "requirements.txt": "flask", "app.py": "" },
      ["python"],
    ],
    [
      "not where pages are served that it formats",
      { "deno.json": config({ fmt: {} }), "index.html": "" },
      ["static"],
    ],
  ])("%s", (_, files, expected) => {
    expect(detectLanguages(memoryTree(files)).map(({ name }) => name)).toEqual(expected);
  });
});

describe("is started", () => {
  const tasks = (all: object, more: Files = {}) =>
    app({ "deno.json": config({ tasks: all }), ...more });
  const RUN = "deno run --cached-only";
  test.each<[string, Files, (string | number | undefined)[]]>([
    ["by its file", app(), [`${RUN} -A main.ts`, 8000]],
    [
      "by its file, with the permissions of its settings",
      app({ "deno.json": config({ permissions: { default: { net: true } } }) }),
      [`${RUN} -P main.ts`, 8000],
    ],
    [
      "by a file that is a handler",
      app({ "main.ts": "export default { fetch: () => new Response() };" }),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: for a shell
      ["deno serve --cached-only -A --port=${PORT:-8000} main.ts", 8000],
    ],
    [
      "by its task, with the permissions that this has",
      tasks({ start: "deno run --allow-net=0.0.0.0 --allow-env main.ts --verbose" }),
      [`${RUN} --allow-net=0.0.0.0 --allow-env main.ts --verbose`, 8000],
    ],
    [
      "by its task, without what serves development",
      tasks({ start: "deno run -A --watch --check=all --unstable-kv main.ts" }),
      [`${RUN} -A --unstable-kv main.ts`, 8000],
    ],
    [
      "by a task that names others",
      tasks({ start: "deno task serve", serve: "deno serve -A --port 3000 api.ts" }),
      ["deno serve --cached-only -A --port 3000 api.ts", 3000],
    ],
    [
      "with the variables of its task",
      tasks({ start: "MODE=a deno run -A main.ts" }),
      [`env MODE=a ${RUN} -A main.ts`, 8000],
    ],
    [
      "at the port of its task",
      tasks({ start: "PORT=4000 deno run -A main.ts" }),
      [`${RUN} -A main.ts`, 4000],
    ],
    [
      "by a task of several commands, through Deno",
      tasks({ start: "deno run -A seed.ts && deno run -A main.ts" }),
      ["deno task start", undefined],
    ],
    [
      "by another task than the one for development",
      tasks({ start: "deno run -A --watch=static/ dev.ts", preview: "deno run -A main.ts" }),
      [`${RUN} -A main.ts`, 8000],
    ],
    [
      "by its file, where its only task serves development",
      tasks({ start: "deno run -A --watch dev.ts" }),
      [`${RUN} -A main.ts`, 8000],
    ],
    [
      "by the task for development, where that alone says what it may do",
      tasks({ dev: "deno run --watch --allow-net api.ts" }, { "main.ts": "", "api.ts": SERVER }),
      [`${RUN} --allow-net api.ts`, 8000],
    ],
    [
      "by a script of package.json",
      app({ "package.json": config({ scripts: { start: "deno run -A main.ts" } }) }),
      [`${RUN} -A main.ts`, 8000],
    ],
    [
      "as Fresh is, of what its build makes",
      tasks({ dev: "vite", build: "vite build", start: "deno serve -A _fresh/server.js" }),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: for a shell
      ["deno serve --cached-only -A --port=${PORT:-8000} _fresh/server.js", 8000],
    ],
    [
      "by nobody, where its build makes a site",
      tasks({ build: "deno task lume", lume: "deno run -A lume/cli.ts" }, { "main.ts": "" }),
      ["site", "_site"],
    ],
    [
      "by nobody, where what is bundled runs in browsers",
      tasks(
        { build: "vite build", dev: "vite", preview: "vite preview" },
        { "index.html": "", "src/main.ts": "document.title = 'a';" },
      ),
      ["site", "dist"],
    ],
  ])("%s", (_, files, expected) => {
    expect(startOf(files)).toEqual(expected);
  });

  test("the lines of a configuration are left alone, but for tasks", () => {
    const files = tasks({ start: "deno run -A main.ts" });
    const plain = (line: string) => {
      const [part] = partsOf(files);
      return part!.language.plainCommand?.(memoryTree(files), line)?.line ?? null;
    };
    expect(plain("deno task start")).toBe(`${RUN} -A main.ts`);
    expect(plain("deno run -A main.ts")).toBe("deno run -A main.ts");
    expect(plain("./run.sh")).toBeNull();
  });
});

describe("listens", () => {
  test.each<[string, string, number | undefined]>([
    [
      "where PORT says, or else",
      'Deno.serve({ port: Number(Deno.env.get("PORT") ?? 3000) }, h)',
      3000,
    ],
    [
      "where its variable says",
      "const port = +(process.env.PORT || '9000'); Deno.serve({ port })",
      9000,
    ],
    ["at Deno's own port", "Deno.serve(h)", 8000],
    ["at the port that it names", "Deno.serve({ port: 4242 }, h)", 4242],
    ["at the port of oak's", "await app.listen({ port: 8090 })", 8090],
    ["nowhere", "console.log('done')", undefined],
  ])("%s", (_, text, port) => {
    expect(startOf(app({ "main.ts": text }))[1]).toBe(port);
  });

  test("where a file that it imports says", () => {
    const files = app({
      "deno.json": config({ imports: { "@/": "./src/" } }),
      "main.ts": 'import { port } from "@/settings.ts";\nDeno.serve({ port }, h)',
      "src/settings.ts": 'export const port = Number(Deno.env.get("PORT") ?? "5000");',
    });
    expect(startOf(files)[1]).toBe(5000);
  });
});

describe("is built", () => {
  const IMPORTS = { imports: { hono: "npm:hono@^4.1" } };
  const FITS = lock({ "npm:hono@^4.1.0": "4.13.19" });
  test.each<[string, Files, string[]]>([
    ["from what it imports", app(), ["deno cache --frozen main.ts"]],
    [
      "from what its settings name, as its lock file has it",
      app({ "deno.json": config(IMPORTS), "deno.lock": FITS }),
      ["deno install --frozen", "deno cache --frozen main.ts"],
    ],
    [
      "without a lock file",
      { "deno.json": config(IMPORTS), "main.ts": SERVER },
      ["deno install", "deno cache main.ts"],
    ],
    [
      "with one that lacks what its settings name",
      app({ "deno.json": config(IMPORTS) }),
      ["deno install", "deno cache main.ts"],
    ],
    [
      "with one that lacks what its files import",
      app({ "main.ts": 'import "npm:left-pad@1.3.0";' }),
      ["deno cache main.ts"],
    ],
    [
      "with one that has it",
      app({
        "main.ts": 'import "./a.ts";',
        "a.ts": '// import "npm:b";\nexport * from "https://a.example/b.ts";',
        "deno.lock": lock({}, { "https://a.example/b.ts": "0" }),
      }),
      ["deno cache --frozen main.ts"],
    ],
    [
      "by its task, and before what that makes is looked at",
      app({
        "deno.json": config({
          tasks: { build: "vite build", start: "deno serve -A _fresh/server.js" },
        }),
      }),
      ["deno task build", "deno cache --frozen _fresh/server.js"],
    ],
    [
      "by no task that makes a program of its own",
      app({ "deno.json": config({ tasks: { build: "deno compile -A main.ts" } }) }),
      ["deno cache --frozen main.ts"],
    ],
    [
      "from what package.json names, too",
      app({
        "package.json": config({ dependencies: { hono: "4" } }),
        "deno.lock": lock({ "npm:hono@4": "4.13.19" }),
      }),
      ["deno install --frozen", "deno cache --frozen main.ts"],
    ],
  ])("%s", (_, files, expected) => {
    expect(lines(files)).toEqual(expected);
  });

  test("what the configuration starts is fetched", () => {
    expect(lines(app(), { start: "deno run -A worker.ts" })).toEqual([
      "deno cache --frozen worker.ts",
    ]);
  });
});

describe("a workspace", () => {
  const FILES: Files = {
    "deno.json": config({ workspace: ["./api", "./lib"] }),
    "deno.lock": lock(),
    "api/deno.json": config({ name: "@me/api", tasks: { start: "deno run -A main.ts" } }),
    "api/main.ts": 'import "@me/lib";\nDeno.serve(() => 1);',
    "lib/deno.json": config({ name: "@me/lib", exports: "./mod.ts" }),
    "lib/mod.ts": "",
  };
  const web: Files = { "web/deno.json": config({ tasks: { start: "deno run -A w.ts" } }) };

  test("is started by the member that starts", () => {
    const { start } = planOf(FILES);
    expect(start).toMatchObject({ line: "deno run --cached-only -A main.ts", dir: "api" });
  });

  test("of several members, one is, and all are told", () => {
    const files = { ...FILES, ...web, "deno.json": config({ workspace: ["api", "lib", "web"] }) };
    expect(planOf(files).start?.dir).toBe("api");
    expect(planOf(files).warnings).toContain(
      "there are several programs: api, web; api is started; build.app names another",
    );
    expect(planOf(files, { id: "web" }).start?.dir).toBe("web");
    expect(planOf(files, { app: "web" }).start?.dir).toBe("web");
    expect(planOf(files, { app: "api" }).warnings).toEqual([]);
  });

  test("patterns stand for folders with settings", () => {
    const files: Files = { ...FILES, ...web, "docs/a.md": "" };
    delete files["api/deno.json"];
    expect(planOf({ ...files, "deno.json": config({ workspace: ["./*"] }) }).start?.dir).toBe(
      "web",
    );
  });
});
