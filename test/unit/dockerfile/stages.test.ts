import { describe, expect, test } from "bun:test";
import { DOCKERFILES } from "../../../src/assets.ts";
import { type StagesPlan, selectParts, stageArguments } from "../../../src/dockerfile/stages.ts";

const APP: StagesPlan = {
  images: {
    ...{ base: "nua-python:1", buildBase: "nua-python:1", builder: "nua-builder:1" },
    ...{ linuxBase: null, needed: [] },
  },
  packed: { keep: null, omit: [] },
  command: null,
  layers: [{ name: "app", files: null, actions: [] }],
  dependencies: "here",
};

const APART: StagesPlan = {
  ...APP,
  images: { ...APP.images, buildBase: "nua-nodejs22:1" },
  layers: [
    { name: "packages", files: [], actions: [] },
    { name: "dependencies", files: [], actions: [] },
    ...APP.layers,
  ],
  dependencies: "below",
};

const PRUNED: StagesPlan = {
  ...APP,
  layers: [
    { name: "development", files: [], actions: [] },
    { name: "dependencies", files: [], actions: [] },
    ...APP.layers,
  ],
  dependencies: "pruned",
};

const FOR_BUILD: StagesPlan = {
  ...APP,
  images: { ...APP.images, buildBase: "nua-nodejs22:1" },
  layers: [{ name: "development", files: [], actions: [] }, ...APP.layers],
  dependencies: "build",
};

const SITE: StagesPlan = {
  ...APART,
  packed: { keep: ["/nua/build/dist", "/nua/metadata"], omit: [] },
  command: ["sh", "/nua/scripts/serve.sh"],
};

function stagesOf(plan: StagesPlan, assembled: boolean): string[] {
  const text = selectParts(DOCKERFILES["app.Dockerfile"]!, plan, { builder: "buildx", assembled });
  return [...text.matchAll(/^FROM (\S+) AS (\w+)/gm)].map(
    ([, from, name]) => `${from!.replace(/\W/g, "")} ${name}`,
  );
}

const BASES = ["nua_builder_tag builder", "nua_base_tag packages"];

describe("stages", () => {
  test.each([
    { plan: APP, assembled: true, stages: ["nua_app_stage app", "scratch layers"] },
    { plan: APP, assembled: false, stages: ["nua_app_stage app"] },
    {
      plan: APART,
      assembled: true,
      stages: [
        ...["nua_build_base_tag build", "nua_dependencies_stage dependencies"],
        ...["nua_app_stage app", "scratch layers"],
      ],
    },
    {
      plan: FOR_BUILD,
      assembled: true,
      stages: [
        ...["nua_build_base_tag build", "nua_lower_stage development", "nua_app_stage app"],
        "scratch layers",
      ],
    },
    {
      plan: FOR_BUILD,
      assembled: false,
      stages: [
        ...["nua_build_base_tag build", "nua_lower_stage development", "nua_app_stage app"],
        "packages image",
      ],
    },
    {
      plan: APART,
      assembled: false,
      stages: [
        ...["nua_build_base_tag build", "nua_dependencies_stage dependencies"],
        ...["nua_app_stage app", "packages image"],
      ],
    },
    {
      plan: PRUNED,
      assembled: true,
      stages: [
        ...["nua_lower_stage development", "nua_dependencies_stage dependencies"],
        ...["nua_app_stage app", "scratch layers"],
      ],
    },
    {
      plan: PRUNED,
      assembled: false,
      stages: [
        ...["nua_lower_stage development", "nua_dependencies_stage dependencies"],
        ...["nua_app_stage app", "packages image"],
      ],
    },
  ] as { plan: StagesPlan; assembled: boolean; stages: string[] }[])(
    "%#",
    ({ plan, assembled, stages }) => {
      expect(stagesOf(plan, assembled)).toEqual([...BASES, ...stages]);
    },
  );
});

test.each([
  { plan: APP, lower: "packages", dependencies: "packages", app: "packages" },
  { plan: APART, lower: "build", dependencies: "build", app: "dependencies" },
  { plan: PRUNED, lower: "packages", dependencies: "development", app: "development" },
])("the app is built upon $app", ({ plan, lower, dependencies, app }) => {
  expect(stageArguments(plan)).toMatchObject({
    ...{ nua_lower_stage: lower, nua_app_stage: app },
    nua_dependencies_stage: dependencies,
  });
});

test("where the engine puts it together, each layer goes upon what the app runs with", () => {
  const way = { builder: "buildx", assembled: false } as const;
  const text = selectParts(DOCKERFILES["app.Dockerfile"]!, APART, way);
  const unpacked = [...text.matchAll(/layer=\/run\/nua\/layers\/(\w+)\.tar/g)];
  expect(unpacked.map(([, name]) => name)).toEqual(["dependencies", "app"]);
  expect(text.match(/NUA_PACK=1/g)).toHaveLength(2);
  const site = selectParts(DOCKERFILES["app.Dockerfile"]!, SITE, way);
  expect(site).not.toContain("layers/dependencies.tar");
  expect(site).toEndWith('CMD ["sh","/nua/scripts/serve.sh"]\n\n');
});

test("a builder that cannot mount copies what an app needs alone", () => {
  const way = { builder: "legacy", assembled: false } as const;
  const text = DOCKERFILES["app.legacy.Dockerfile"]!;
  expect(selectParts(text, APART, way)).not.toContain("nua_base_tag}");
  expect(selectParts(text, SITE, way).split("\n").slice(-4)).toEqual([
    'COPY --from=app --chown=nua:nua ["/nua/build/dist","/nua/build/dist"]',
    'COPY --from=app --chown=nua:nua ["/nua/metadata","/nua/metadata"]',
    'CMD ["sh","/nua/scripts/serve.sh"]',
    "",
  ]);
});
