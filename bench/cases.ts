/** What is compared. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";
import { BENCH_APPS, type BenchApp, copyApp, editOneLine, SOURCES } from "./apps.ts";
import { compare, type Row, row, time } from "./measure.ts";
import {
  type Bench,
  buildByHand,
  dockerBuild,
  forgetBuilds,
  handTag,
  nuaBuild,
  replaceImage,
  saveByHand,
} from "./sides.ts";

export interface Case {
  name: string;
  run(bench: Bench, options: { rounds: number; folder: string }): Promise<Row[]>;
}

/** Cold, one-line edit, dependency added, no change; and how large the image is. */
export const APP_CASES: readonly Case[] = BENCH_APPS.map((app) => ({
  name: app.name,
  async run(bench, { rounds, folder }) {
    const copies = { ours: join(folder, "ours"), theirs: join(folder, "theirs") };
    for (const copy of Object.values(copies)) await copyApp(app, copy);
    const build = (side: keyof typeof copies) =>
      side === "ours"
        ? nuaBuild(bench, ["-q", copies.ours], { isPublic: app.isPublic })
        : byHand(bench, app, copies.theirs);
    const tag = (side: keyof typeof copies) => (side === "ours" ? app.tag : handTag(app));
    const changed = (change: (copy: string, n: number) => Promise<void>) => {
      return async (side: keyof typeof copies, n: number) => {
        await change(copies[side], n);
        return replaceImage(bench, tag(side), () => time(bench, () => build(side)));
      };
    };
    const cold = await compare(
      `${app.name}: cold`,
      rounds,
      { ratio: app.limits.cold },
      async (side) => {
        await forgetBuilds(bench);
        await removeImage(bench, tag(side));
        return time(bench, () => build(side));
      },
    );
    // Each round of the above has made the builder forget both: an edit is what comes after a build.
    for (const side of ["ours", "theirs"] as const) {
      await removeImage(bench, tag(side));
      await build(side);
    }
    const edit = await compare(
      `${app.name}: one-line edit`,
      rounds,
      { ratio: app.limits.edit },
      changed((copy, n) => editOneLine(app, copy, n)),
    );
    const dependency: Row[] = [];
    if (app.addDependency !== undefined) {
      const add = changed((copy, n) => app.addDependency!(copy, n));
      dependency.push(await compare(`${app.name}: dependency added`, rounds, { ratio: 1.15 }, add));
    }
    // A file that has just been written may change again within the same tick of its clock.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    await build("ours");
    const same = await compare(`${app.name}: no change`, rounds, { seconds: 0.6 }, (side) =>
      time(bench, () => (side === "ours" ? build(side) : buildByHand(bench, app, copies.theirs))),
    );
    const share = row(`${app.name}: edit of cold`, edit.ours, cold.ours, { ratio: 0.1 });
    const size = row(`${app.name}: image MB`, ...(await sizes(bench, app)), { ratio: 1.02 });
    return [cold, edit, ...dependency, same, ...(app.name === "flask-ten" ? [share] : []), size];
  },
}));

/**
 * 8 apps with dependencies, side by side and one after the other: wheels from an index that is as
 * far away as the public one, so that not all of it is work for the processor.
 */
export const MANY_CASE: Case = {
  name: "many",
  async run(bench, { rounds, folder }) {
    const app = BENCH_APPS.find(({ name }) => name === "flask-ten")!;
    const folders = Array.from({ length: 8 }, (_, index) => join(folder, `app${index}`));
    for (const [index, one] of folders.entries()) {
      await copyApp(app, one);
      const config = await Bun.file(join(one, "nua-config.toml")).text();
      await writeFile(join(one, "nua-config.toml"), config.replace("flask-ten", `many-${index}`));
      // Each installs for itself: the same layer for all would be made once.
      const wheels = (await requirements(app))
        .split("\n")
        .filter((name) => !SOURCES.includes(name));
      await writeFile(join(one, "requirements.txt"), [`# ${index}`, ...wheels].join("\n"));
    }
    bench.setIndexDelay(INDEX_DELAY);
    const name = "8 apps: at once, one after the other";
    const limit = { ratio: 0.6 };
    const result = await compare(name, rounds, limit, async (side) => {
      await forgetBuilds(bench);
      const jobs = side === "ours" ? "8" : "1";
      return time(bench, () => nuaBuild(bench, ["-q", "--no-cache", "--jobs", jobs, ...folders]));
    });
    bench.setIndexDelay(0);
    return [result];
  },
};

/** 100,000 files with 1 GB. */
export const FILES_CASE: Case = {
  name: "files",
  async run(bench, { rounds, folder }) {
    const app = join(folder, "many-files");
    await writeManyFiles(app);
    const dockerfile = join(folder, "Dockerfile");
    await writeFile(
      dockerfile,
      "ARG nua_version\nFROM nua-python:$nua_version\nCOPY . /nua/build\n",
    );
    const plain = () => dockerBuild(bench, "nua-bench-hand-files:1.0", dockerfile, app);
    const staging: number[] = [];
    const ours = async () => {
      // Else there is nothing to do: the image is there, and nothing has changed.
      await removeImage(bench, FILES_TAG);
      const told = await nuaBuild(bench, ["--no-save", "-t", "-vv", app]);
      staging.push(stagingSeconds(told.stderr));
      return staging.at(-1)!;
    };
    const first = await compare(
      "100,000 files: staging + transfer",
      rounds,
      { ratio: 1.2 },
      (side) => forgetBuilds(bench).then(() => (side === "ours" ? ours() : time(bench, plain))),
    );
    await plain();
    await ours();
    const changed: number[] = [];
    for (let n = 0; n < rounds; n += 1) {
      await writeFile(join(app, "d7", "f7"), `changed ${n}\n`);
      changed.push(await ours());
    }
    const middle = changed.sort((a, b) => a - b)[Math.floor(rounds / 2)]!;
    return [first, row("100,000 files: one changed", middle, first.theirs, { ratio: 0.2 })];
  },
};

const FILES_TAG = "nua-bench-files:1.0";

/** Milliseconds. */
const INDEX_DELAY = 100;

/** What is printed without any work. */
export const START_CASE: Case = {
  name: "start",
  async run(bench, { rounds }) {
    const binary = join(import.meta.dir, "../dist/nua-build");
    const config = join(import.meta.dir, "flask-ten/nua-config.toml");
    // Started directly: a shell in between takes longer than either.
    const start = (argv: string[]) => {
      const begin = performance.now();
      Bun.spawnSync(argv, { stdout: "ignore", stderr: "ignore" });
      return (performance.now() - begin) / 1000;
    };
    const one = (name: string, words: string[], ratio: number) =>
      compare(name, rounds * 5, { ratio }, async (side) =>
        start(side === "ours" ? [binary, ...words] : [bench.client, "--version"]),
      );
    return [
      await one("--version", ["--version"], 0.5),
      await one("check", ["check", config], 1.5),
      await one("plan", ["plan", config], 3),
    ];
  },
};

// --- internal ---

async function removeImage({ client }: Bench, tag: string): Promise<void> {
  await $({ quiet: true, nothrow: true })`${client} image rm --force ${tag}`;
}

async function byHand(bench: Bench, app: BenchApp, folder: string): Promise<void> {
  await buildByHand(bench, app, folder);
  await saveByHand(bench, app);
}

/** Of the images of both sides, in megabytes. */
async function sizes({ client }: Bench, app: BenchApp): Promise<[number, number]> {
  const size = async (tag: string) =>
    Number(
      (await $({ quiet: true })`${client} image inspect --format ${"{{.Size}}"} ${tag}`).stdout,
    );
  return [(await size(app.tag)) / 1e6, (await size(handTag(app))) / 1e6];
}

function requirements(app: BenchApp): Promise<string> {
  return Bun.file(join(app.source, "requirements.txt")).text();
}

async function writeManyFiles(folder: string): Promise<void> {
  const config =
    '[metadata]\nid = "bench-files"\nversion = "1.0"\ntitle = "Files"\nauthor = "Nua"\n';
  const start = '[build]\nlicense = "MIT"\n[run]\nstart = "true"\n';
  for (let d = 0; d < 1000; d += 1) {
    const inner = join(folder, `d${d}`);
    await mkdir(inner, { recursive: true });
    for (let f = 0; f < 100; f += 1) {
      await writeFile(join(inner, `f${f}`), `${d} ${f}\n`.padEnd(10_000, `${d}.${f} `));
    }
  }
  await rm(join(folder, "nua-config.toml"), { force: true });
  await writeFile(join(folder, "nua-config.toml"), config + start);
}

/** From -t and -vv: the step that stages, and BuildKit's transfer of the context. */
function stagingSeconds(told: string): number {
  const staged = Number(/stage-context ([\d.]+) s/.exec(told)?.[1]);
  const vertex = /#(\d+) \[internal\] load build context/.exec(told)?.[1];
  const transfer = Number(new RegExp(`#${vertex} DONE ([\\d.]+)s`).exec(told)?.[1]);
  const sum = staged + transfer;
  if (Number.isNaN(sum)) throw new Error(`nothing tells how long staging took in:\n${told}`);
  return sum;
}
