import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type Exchange, recordFile } from "../../../src/protocol/exchanges.ts";
import { recordInputsStep } from "../../../src/steps/record-inputs.ts";
import { stageContextStep } from "../../../src/steps/stage-context.ts";
import { planApp } from "../../helpers/planned-app.ts";
import { Recorder, type RecorderOptions, recordedSession } from "../../helpers/recorder.ts";

const EXCHANGE: Exchange = {
  ...{ method: "GET", url: "https://pypi.example/x", accept: null, body: null, status: 200 },
  ...{ headers: {}, content: null, bytes: 0, client: "pip", wantedBy: "requirements.txt" },
  detail: null,
};

/** As the agent leaves it of a layer. */
function leave(folder: string): void {
  const list = { version: 1, exchanges: [EXCHANGE] };
  writeFileSync(join(folder, recordFile("app")), JSON.stringify(list));
}

async function record(options: RecorderOptions, config?: string) {
  const engine = new Recorder(options);
  const planning = recordedSession(new Recorder());
  await using app = await planApp(planning.session, config);
  const { loaded, plan, source } = app;
  const { session } = recordedSession(engine, { buildDir: app.folder });
  await using context = await stageContextStep.run({ loaded, plan, source }, session);
  const { exchanges, folder } = await recordInputsStep.run({ loaded, plan, context }, session);
  return { exchanges, engine, folder: basename(folder) };
}

test("what the layers have read is handed out by a builder that mounts", async () => {
  let dockerfile = "";
  const { exchanges, engine } = await record({
    builder: "buildx",
    onBuildFiles: async (request) => {
      dockerfile = await readFile(request.dockerfile, "utf8");
      leave(request.result.folder);
    },
  });
  expect(exchanges).toEqual([EXCHANGE]);
  expect(engine.calls).toEqual(["build files"]);
  expect(engine.requests[0]).toMatchObject({ noCache: true });
  expect(dockerfile).toContain("FROM scratch AS last\nCOPY --from=");
});

test("and copied out of an image where the builder does not, of which nothing is left", async () => {
  const { exchanges, engine } = await record({
    builder: "legacy",
    onContainer: () => ({ copyOut: async (_, to) => leave(to) }),
  });
  expect(exchanges).toEqual([EXCHANGE]);
  const [build = "", container, , remove] = engine.calls;
  expect(build).toStartWith("build nua-record:");
  expect(container).toContain("network none");
  expect(engine.calls[2]).toBe("container removed");
  expect(remove).toBe(build.replace("build", "remove"));
  expect(engine.images).toEqual([]);
});

test("an image that is wrapped reads nothing", async () => {
  const config = 'method = "wrap"\nbase-image = "wrapped:1"';
  const { exchanges, engine } = await record({}, config);
  expect({ exchanges, calls: engine.calls }).toEqual({ exchanges: [], calls: [] });
});
