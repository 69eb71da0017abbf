/** Layers out of what has changed, with the find and tar of this machine. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { $ } from "zx";
import { watchLayer } from "../../src/agent/pack-layer.ts";
import { readTar } from "../../src/lib/tar/read.ts";
import { sha256 } from "../helpers/image-archive.ts";
import { chunksOf } from "../helpers/tar-bytes.ts";

let top: string;
let folders: { layers: string; root: string; pruned: string };
let below: string;

/** Kernels differ in whether a folder that is moved is copied. */
const OPTIONS = ["redirect_dir=off", "redirect_dir=on"];

const FILES = ["etc/kept", "etc/inner/edited", "etc/gone", "old/deep/file", "other/deep/file"];

/** An image and a container of it, as engines show them: the same files, until one is changed. */
async function showContainer(option: string): Promise<void> {
  top = mkdtempSync("/var/tmp/nua-pack-");
  folders = { layers: join(top, "layers"), root: join(top, "root"), pruned: join(top, "pruned") };
  below = join(top, "below");
  for (const file of FILES) {
    mkdirSync(join(below, dirname(file)), { recursive: true });
    writeFileSync(join(below, file), file);
  }
  for (const name of ["root", "upper", "work"]) mkdirSync(join(top, name));
  const places = `lowerdir=${below},upperdir=${join(top, "upper")},workdir=${join(top, "work")}`;
  await $({ quiet: true })`mount -t overlay overlay -o ${`${places},${option}`} ${folders.root}`;
  // Later than a tick of the clock.
  await Bun.sleep(60);
}

afterEach(async () => {
  await $({ quiet: true })`umount ${folders.root}`;
  rmSync(top, { recursive: true });
});

async function pack(change: (root: string) => void) {
  const watch = await watchLayer(folders);
  change(folders.root);
  const facts = await watch.pack("app");
  const bytes = readFileSync(join(folders.layers, "app.tar"));
  const diffId = `sha256:${sha256(bytes)}`;
  expect(facts).toEqual({ version: 1, diffId, bytes: bytes.length, missing: [], warnings: [] });
  expect(JSON.parse(readFileSync(join(folders.layers, "app.json"), "utf8"))).toEqual(facts);
  const members = await tarMembers(bytes);
  return { names: members.map(({ name }) => name), members, bytes };
}

async function tarMembers(bytes: Buffer) {
  const members: { name: string; type: string; mode: number; linkName: string }[] = [];
  for await (const { name, type, mode, linkName } of readTar(chunksOf(bytes), {
    attempt: "Test",
  })) {
    members.push({ name: name.replace(/\/$/, ""), type, mode: mode & 0o777, linkName });
  }
  return members;
}

async function tarNames(bytes: Buffer): Promise<string[]> {
  return (await tarMembers(bytes)).map(({ name }) => name);
}

describe.each(OPTIONS)("with %s", (option) => {
  beforeEach(() => showContainer(option));

  test("holds what is new or changed, with the folders on the way", async () => {
    const { names } = await pack((root) => {
      writeFileSync(join(root, "etc/inner/edited"), "edited");
      writeFileSync(join(root, "old/deep/new"), "new");
    });
    expect(names).toEqual([
      "etc",
      "etc/inner",
      "etc/inner/edited",
      "old",
      "old/deep",
      "old/deep/new",
    ]);
  });

  test("a change of mode, links of both kinds, and an old time are seen", async () => {
    const { members } = await pack((root) => {
      chmodSync(join(root, "etc/kept"), 0o600);
      symlinkSync("kept", join(root, "etc/symbolic"));
      linkSync(join(root, "etc/kept"), join(root, "etc/same"));
    });
    const byName = Object.fromEntries(members.map((member) => [member.name, member]));
    expect(byName["etc/kept"]).toMatchObject({ type: "0", mode: 0o600 });
    expect(byName["etc/symbolic"]).toMatchObject({ type: "2", linkName: "kept" });
    expect(byName["etc/same"]).toMatchObject({ type: "1", linkName: "etc/kept" });
  });

  test("what is gone leaves a whiteout", async () => {
    const { names } = await pack((root) => {
      rmSync(join(root, "etc/gone"));
      rmSync(join(root, "old"), { recursive: true });
    });
    expect(names).toEqual(["etc", ".wh.old", "etc/.wh.gone"]);
  });

  test("a folder that became another one leaves whiteouts of what it had", async () => {
    const { names } = await pack((root) => {
      Bun.spawnSync(["mv", join(root, "old/deep"), join(root, "elsewhere")]);
      mkdirSync(join(root, "old/deep"));
    });
    expect(names).toContain("old/deep/.wh.file");
    expect(names).toContain("elsewhere/file");
  });

  test("a folder that was moved comes with all that is in it", async () => {
    const { names } = await pack((root) => {
      rmSync(join(root, "old/deep"), { recursive: true });
      Bun.spawnSync(["mv", join(root, "other/deep"), join(root, "old/deep")]);
    });
    expect(names).toEqual(["old", "old/deep", "old/deep/file", "other", "other/.wh.deep"]);
  });

  test("nothing changed makes an empty layer", async () => {
    expect((await pack(() => {})).names).toEqual([]);
  });

  test("names are bytes, and may be long or begin with a hyphen", async () => {
    const long = "long".repeat(60);
    const odd = Buffer.concat([
      Buffer.from(`${folders.root}/etc/`),
      Buffer.from([0x2d, 0xff, 0x0a, 0x20]),
    ]);
    const { names, bytes } = await pack((root) => {
      writeFileSync(join(root, "etc", long), "");
      writeFileSync(odd, "odd");
    });
    expect(names).toContain(`etc/${long}`);
    expect(bytes.includes(Buffer.from([0x65, 0x74, 0x63, 0x2f, 0x2d, 0xff, 0x0a, 0x20]))).toBe(
      true,
    );
  });

  test("the same change makes the same bytes", async () => {
    const make = () =>
      pack((root) => {
        writeFileSync(join(root, "etc/inner/edited"), "edited");
        Bun.spawnSync([
          "touch",
          "-d",
          "2020-01-02 03:04:05.5",
          ...["etc/inner/edited", "etc/inner", "etc"].map((one) => join(root, one)),
        ]);
      });
    const first = await make();
    const second = await make();
    expect(sha256(first.bytes)).toBe(sha256(second.bytes));
  });

  describe("a stage that is pruned for the image, and an app that is built upon it", () => {
    const write = (path: string, text = path) => {
      const file = join(folders.root, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    };
    const remove = (path: string) => rmSync(join(folders.root, path), { recursive: true });
    /** What the stages before it have handed on is where the next one finds it. */
    const stage = async (layer: "development" | "dependencies" | "app", work: () => void) => {
      const watch = await watchLayer(folders);
      work();
      await watch.pack(layer);
      return tarNames(readFileSync(join(folders.layers, `${layer}.tar`)));
    };
    const installed = () => {
      for (const name of ["needed", "tool", "tool/node_modules/inner"]) write(`n/${name}/file`);
      write("n/state", "all");
      remove("etc/gone");
    };
    const prune = () => {
      remove("n/tool");
      write("n/state", "pruned");
      remove("other");
    };

    test("packs what is left, once, and none of what only the build needs", async () => {
      expect(await stage("development", installed)).toEqual([]);
      expect(await stage("dependencies", prune)).toEqual([
        ...["etc", "n", "n/needed", "n/needed/file", "n/state", ".wh.other", "etc/.wh.gone"],
      ]);
    });

    test("is packed with the app, where no other stage has anything of it for the image", async () => {
      await stage("development", installed);
      expect(
        await stage("app", () => {
          write("app/file");
          remove("n/tool");
          remove("n/state");
        }),
      ).toEqual([...["app", "app/file", "etc", "n", "n/needed", "n/needed/file", "etc/.wh.gone"]]);
    });

    test("marks what a layer below has, and nothing twice", async () => {
      await stage("development", () => {
        write("etc/kept", "changed");
        remove("old/deep/file");
        remove("etc/gone");
        write("n/folder/file");
      });
      expect(
        await stage("dependencies", () => {
          // Of a layer below, changed by the first of them.
          remove("etc/kept");
          // The first of them has removed something of it.
          remove("old");
          write("etc/gone", "again");
          // In the place of a folder of the first.
          remove("n/folder");
          symlinkSync("elsewhere", join(folders.root, "n/folder"));
        }),
      ).toEqual(["etc", "etc/gone", "n", "n/folder", ".wh.old", "etc/.wh.kept"]);
    });

    test("of what is built only what belongs to the image", async () => {
      await stage("development", installed);
      await stage("dependencies", prune);
      // The app is built upon the first of them, with the second beside it.
      renameSync(folders.layers, folders.pruned);
      for (const name of ["tool", "tool/node_modules/inner"]) write(`n/${name}/file`);
      expect(
        await stage("app", () => {
          write("dist/index.js");
          write("n/tool/cache/file");
          write("n/needed/generated");
          write("n/.new/file");
          remove("n/tool/node_modules");
          remove("n/needed/file");
        }),
      ).toEqual([
        ...["dist", "dist/index.js", "n", "n/.new", "n/.new/file", "n/needed"],
        ...["n/needed/generated", "n/needed/.wh.file"],
      ]);
    });
  });
});
