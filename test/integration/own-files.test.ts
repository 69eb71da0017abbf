/** What the agent makes of an app's own: its requirements beside build.pip-install, its programs. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nuaBuild } from "../helpers/binary.ts";
import { testBuilder } from "../helpers/builders.ts";
import { docker } from "../helpers/engine.ts";
import { indexSettings, startSite } from "../helpers/site.ts";

const PROJECT = `[project]
name = "whole-app"
version = "1.0"
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[tool.setuptools]
py-modules = ["whole"]
`;

/** cap_net_bind_service=ep, as version 2 of vfs_cap_data in linux/capability.h has it. */
const SET = `import os, struct, sys
for name in sys.argv[1:]:
    os.setxattr(name, "security.capability", struct.pack("<IIIII", 0x02000001, 1 << 10, 0, 0, 0))
`;
const LOOK = `import os, pwd, stat
for name in ("ours", "roots", "setuid"):
    found = os.stat("/nua/build/" + name)
    caps = "security.capability" in os.listxattr("/nua/build/" + name)
    print(name, pwd.getpwuid(found.st_uid).pw_name, bool(found.st_mode & stat.S_ISUID), caps)
`;

describe.each(["buildx", "legacy"] as const)("with %s", (name) => {
  const id = `test-own-${crypto.randomUUID().slice(0, 8)}`;
  const site = startSite();
  const tags: string[] = [];
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp("/var/tmp/nua-build-test-");
  });
  afterAll(async () => {
    site[Symbol.dispose]();
    for (const tag of tags) await docker(testBuilder(name), "rmi", "--force", tag);
    await rm(folder, { recursive: true, force: true });
  });

  /** @returns what the command prints in the app's image */
  async function buildAndRun(app: string, files: Record<string, string>, command: string[]) {
    const client = testBuilder(name);
    const env = {
      ...(await indexSettings(client, site)),
      XDG_STATE_HOME: join(folder, "state"),
      NUA_BUILD_DIR: join(folder, "build"),
    };
    await mkdir(join(folder, app));
    const metadata = `[metadata]\nid = "${id}-${app}"\nversion = "1.0"\ntitle = "T"\nauthor = "Nua"\n`;
    const all = { ...files, "nua-config.toml": `${metadata}${files["nua-config.toml"]}` };
    for (const [path, text] of Object.entries(all)) {
      await writeFile(join(folder, app, path), text);
    }
    const built = await nuaBuild(["--no-save", join(folder, app)], { client, env });
    expect(built).toMatchObject({ status: 0 });
    const tag = `nua-${id}-${app}:1.0`;
    tags.push(tag);
    return { told: built.stderr, said: await docker(client, "run", "--rm", tag, ...command) };
  }

  test("pip-install is beside the project and its requirements", async () => {
    const files = {
      "nua-config.toml": `[build]\npip-install = ["psycopg2-binary"]\n[run]\nstart = "true"\n`,
      "requirements.txt": "tinyweb>=1.0,<2\n",
      "pyproject.toml": PROJECT,
      "whole.py": "",
    };
    const look = ["python", "-m", "pip", "list", "--format", "freeze"];
    const { said } = await buildAndRun("beside", files, look);
    for (const name of ["psycopg2", "tinyweb==1.2", "whole"]) expect(said).toContain(name);
  });

  test("pip-install of the app itself is all, and that is told", async () => {
    const files = {
      "nua-config.toml": `[build]\npip-install = ["tinyweb<2"]\n[run]\nstart = "true"\n`,
      "requirements.txt": "psycopg2-binary\n",
      "pyproject.toml": PROJECT.replace("whole-app", "TinyWeb"),
    };
    const look = ["python", "-m", "pip", "list", "--format", "freeze"];
    const { said, told } = await buildAndRun("itself", files, look);
    expect(said).toContain("tinyweb==1.2");
    expect(said).not.toContain("psycopg2");
    expect(told).toContain("requirements.txt is not installed");
  });

  test("programs keep their capabilities, and the owner that they run as", async () => {
    const files = {
      "nua-config.toml": `[build]
build = [
  "cp /bin/true ours", "cp /bin/true roots", "cp /bin/true setuid",
  "sudo chown root roots setuid", "sudo chmod 4755 setuid",
  "sudo python set.py ours roots",
]
[run]
start = "true"
`,
      "set.py": SET,
    };
    expect((await buildAndRun("programs", files, ["python", "-c", LOOK])).said.split("\n")).toEqual(
      ["ours nua False True", "roots nua False True", "setuid root True False"],
    );
  });
});
