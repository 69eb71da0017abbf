/** Whatever `check` lets pass, the agent takes: nothing is refused when the build is under way. */
import { expect, test } from "bun:test";
import * as v from "valibot";
import { chooseRuntimes } from "../../../src/bases/choose-runtimes.ts";
import { planBuild } from "../../../src/plan/build-plan.ts";
import { plannedActionSchema } from "../../../src/protocol/planned-action.ts";
import { checkText, METADATA } from "../../helpers/config.ts";
import { memoryTree } from "../../helpers/memory-tree.ts";

const FACTS = {
  ...{ configFile: "nua-config.toml", dockerfiles: {}, sourceFolder: null, source: null },
  ...{
    tree: memoryTree({ "package.json": "{}", Gemfile: "" }),
    commit: null,
    buildScript: null,
    startScript: null,
  },
};

const LONG = "é".repeat(65_000);

test.each([
  '[build]\npackages = "g++  libstdc++6:amd64 git=1:2.39.5-0+deb12u2\tx11-utils/stable"',
  '[build]\npackages = ["", "a1", "  "]\n[run]\npackages = ["7zip", "b"]',
  '[build]\nmeta-packages = ["psycopg2", "mariadb-client", "unknown"]',
  '[build]\nbuild-script = "./tools/my build.py"\ndocument-root = "/var/www"',
  '[build]\nbuild-script = ""\ndocument-root = ""\n[run]\nstart-script = ""',
  '[build]\ndocument-root = "-x/public"\n[run]\nstart-script = "nua/scripts/start.py"',
  '[build]\nproject = "./a//b/"\nbuild = ["", "true"]\ntest = ""',
  '[build]\nproject = "a/../b"\nbuild = "true"',
  '[build]\ngit-url = "https://h/-x.git"',
  '[build]\nsrc-url = "https://h/x.tar.gz"\nbefore-build = ["-x"]',
  `[build]\nbuild = ["${LONG}"]\n[run]\nstart = "${LONG}"`,
  '[build]\npip-install = ["-r requirements.txt", "foo[bar]>=1; python_version > \\"3\\"", "*.whl", ""]',
  '[[provider]]\nname = "p"\ntype = "local"\nservice = "x"\npackages = "a b"\nconnector = ["psycopg2"]',
])("%p", (body) => {
  const { config, rendered, fields } = checkText(`${METADATA}${body}\n`);
  const runtimes = chooseRuntimes({
    ...{ requests: [], builder: fields.builder, builderFrom: { what: "build.builder" }, lists: {} },
    linux: { configured: "ubuntu:22.04", others: [], refused: {} },
  });
  const options = { app: null, requiresStart: false, isFrozen: false };
  const drafted = new Map<string, string>();
  const more = {
    facts: FACTS,
    options,
    drafted,
    runtimes,
    placeOf: () => ({ file: "nua-config.toml", line: 1 }),
  };
  const { layers } = planBuild({ config, rendered, fields, ...more });
  const actions = layers.flatMap((layer) => layer.actions);
  expect(actions.length).toBeGreaterThan(3);
  const refused = v.safeParse(v.array(plannedActionSchema), actions).issues ?? [];
  expect(refused.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`)).toEqual([]);
});
