/** The apps that are built, as copies that may be changed. */
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";

const ROOT = join(import.meta.dir, "..");

export interface BenchApp {
  name: string;
  /** Where it is copied from. */
  source: string;
  /** Written by hand, for the same app on the same base. */
  dockerfile: string;
  /** The image that nua-build makes of it. */
  tag: string;
  /** The base images that both start from. */
  bases: string[];
  /** The file that a one-line edit changes, and what a comment begins with there. */
  edited: { file: string; comment: string };
  /** Adds the n-th further dependency, each time another one. */
  addDependency?(folder: string, n: number): Promise<void>;
  /** Whether its packages come from the registry of this machine, not from the index of Debian's. */
  isPublic?: boolean;
  /** What the ratios should be at most. */
  limits: { cold: number; edit: number };
}

/** Python distributions without dependencies of their own, and their Debian packages. */
const FURTHER = ["six", "colorama", "tomli_w", "chardet", "webencodings", "pyparsing", "toml"];

/** The Debian packages that the index is made of. */
export const DEBIAN_PACKAGES = [
  ...["flask", "gunicorn", "itsdangerous", "jinja2", "markupsafe", "packaging", "yaml"],
  ...["requests", "sqlalchemy", "werkzeug"],
  ...FURTHER.map((name) => name.replace("_", "-")),
].map((name) => `python3-${name}`);

/** What builds a source distribution. */
export const DEBIAN_WHEELS = ["python3-setuptools-whl", "python3-wheel-whl"];

/** Those of the ten that the index has no wheel of, as is the case for many a package. */
export const SOURCES = ["flask", "gunicorn", "itsdangerous", "jinja2", "packaging", "requests"];

/** Small packages of the npm registry without dependencies. */
const NODE_FURTHER = ["ms", "isarray", "is-number", "escape-html", "inherits", "depd", "vary"];

const LIMITS = { cold: 1.1, edit: 1.15 };

export const BENCH_APPS: readonly BenchApp[] = [
  {
    name: "hello-python",
    source: join(ROOT, "examples/hello-python"),
    dockerfile: join(ROOT, "bench/hello-python.Dockerfile"),
    tag: "nua-hello-python:1.0-1",
    bases: ["nua-builder"],
    limits: LIMITS,
    edited: { file: "src/hello/server.py", comment: "#" },
    async addDependency(folder, n) {
      const names = FURTHER.slice(0, n + 1).map((name) => `"${name}"`);
      const line = `dependencies = [${names.join(", ")}]\n`;
      await change(join(folder, "pyproject.toml"), (text) =>
        text.replace(/^dependencies = .*\n/m, "").replace(/^version = .*\n/m, `$&${line}`),
      );
    },
  },
  {
    name: "hello-node",
    source: join(ROOT, "examples/hello-node"),
    dockerfile: join(ROOT, "bench/hello-node.Dockerfile"),
    tag: "nua-hello-node:1.0-1",
    bases: ["nua-builder-nodejs20"],
    limits: LIMITS,
    edited: { file: "server.js", comment: "//" },
    addDependency: addNodePackage,
  },
  {
    name: "flask-ten",
    source: join(ROOT, "bench/flask-ten"),
    dockerfile: join(ROOT, "bench/flask-ten.Dockerfile"),
    tag: "nua-bench-flask-ten:1.0",
    bases: ["nua-builder"],
    limits: LIMITS,
    edited: { file: "app.py", comment: "#" },
    async addDependency(folder, n) {
      await change(join(folder, "requirements.txt"), (text) => `${text}${FURTHER[n % 7]}\n`);
    },
  },
  prepared("node-pnpm", {
    bases: ["nua-builder-nodejs22"],
    edited: { file: "src/server.ts", comment: "//" },
  }),
  prepared("next", {
    bases: ["nua-builder-nodejs22"],
    edited: { file: "app/page.js", comment: "//" },
    addDependency: addNodePackage,
  }),
  prepared("python-uv", {
    bases: ["nua-builder"],
    edited: { file: "main.py", comment: "#" },
  }),
  prepared("static-vite", {
    bases: ["nua-builder-nodejs22", "nua-static"],
    edited: { file: "src/main.jsx", comment: "//" },
    addDependency: addNodePackage,
  }),
  prepared("go", {
    bases: ["nua-builder-go1.26"],
    edited: { file: "main.go", comment: "//" },
    // Its manifest has none.
    tag: "nua-bench-go:0.1.0",
  }),
  prepared("rust", {
    bases: ["nua-builder-rust1.96"],
    edited: { file: "src/main.rs", comment: "//" },
  }),
  prepared("java", {
    bases: ["nua-builder-java17-jdk17", "nua-java17"],
    edited: { file: "src/main/java/bench/Bench.java", comment: "//" },
  }),
];

/** A fresh copy of an app. */
export async function copyApp(app: BenchApp, folder: string): Promise<void> {
  await cp(app.source, folder, { recursive: true });
}

/** Adds a line that was never there before. */
export async function editOneLine(app: BenchApp, folder: string, n: number): Promise<void> {
  const { file, comment } = app.edited;
  await change(join(folder, file), (text) => `${text}${comment} edit ${n} of ${Date.now()}\n`);
}

// --- internal ---

async function addNodePackage(folder: string, n: number): Promise<void> {
  await $({ cwd: folder, quiet: true })`npm install --package-lock-only ${NODE_FURTHER[n % 7]}`;
}

async function change(file: string, edit: (text: string) => string): Promise<void> {
  await writeFile(file, edit(await readFile(file, "utf8")));
}

/** Apps without a configuration, against Dockerfiles of several stages with caches. */
function prepared(
  name: string,
  app: Pick<BenchApp, "bases" | "edited" | "addDependency"> & { tag?: string },
): BenchApp {
  return {
    name,
    source: join(ROOT, "bench", name),
    dockerfile: join(ROOT, `bench/${name}.Dockerfile`),
    tag: `nua-bench-${name}:1.0.0`,
    isPublic: true,
    limits: { cold: 1.05, edit: 0.8 },
    ...app,
  };
}
