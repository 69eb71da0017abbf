import { describe, expect, test } from "bun:test";
import { DOCKERFILES } from "../../../src/assets.ts";
import { runsAgent } from "../../../src/dockerfile/dockerfile.ts";
import { stagesThatRun } from "../../../src/dockerfile/images.ts";
import { captureInstructions, withReading } from "../../../src/dockerfile/reading.ts";

const SHIPPED = DOCKERFILES["app.Dockerfile"]!;
const way = { canMount: true, isReader: runsAgent };

describe.each(["captured", "sealed"] as const)("a Dockerfile whose build is %s", (mode) => {
  test("has no cache, and apt works in folders that are gone afterwards", () => {
    const text = withReading(SHIPPED, mode, way);
    expect(text).not.toContain("type=cache");
    const lists = "source=/var/lib/apt/lists,target=/var/lib/apt/lists";
    const count = SHIPPED.split("id=nua-apt-lists").length;
    expect(text.split(`--mount=type=bind,rw,from=builder,${lists} \\\n`)).toHaveLength(count);
  });

  test.each([
    "RUN --mount=type=cache,target=/root/.cache app_builder",
    "RUN --mount=type=cache,id=x,sharing=locked,dst=/root/.cache,uid=1 app_builder",
  ])("has memory in place of the package's own: %s", (line) => {
    const text = withReading(`FROM x\n${line}\n`, mode, way);
    expect(text).toMatch(/^RUN .*--mount=type=tmpfs,target=\/root\/\.cache app_builder$/m);
    expect(text).not.toContain("type=cache");
  });
});

test("a package's COPY takes no inputs along: an image has them", () => {
  const text = "FROM x\nCOPY . /nua/build\nRUN app_builder\nRUN echo done\n";
  const sealed = withReading(text, "sealed", { ...way, inputsTag: "nua-inputs:1" });
  const mount = "--mount=type=bind,from=nua-inputs:1,target=/run/nua/inputs";
  expect(sealed).toBe(text.replace("RUN app", `RUN ${mount} app`));
});

test("what the agent's commands of any stage have read is handed out", () => {
  const text = `ARG nua_builder_tag
FROM debian AS tools
RUN echo app
FROM \${nua_builder_tag}
RUN <<END
app_builder
FROM nothing
END
RUN cd / && \\
    app_builder
RUN app_builder
FROM x
COPY --from=1 /nua /nua
`;
  const { stages, last } = stagesThatRun(text, runsAgent);
  expect([stages, last]).toEqual([["1"], "2"]);
  expect(captureInstructions(stages, "/")).toBe(
    "\nFROM scratch AS captured\nCOPY --from=1 /run/nua/capture/ /\n",
  );
});

test("a Dockerfile of words without end is read quickly", () => {
  const begin = performance.now();
  withReading(`RUN ${"--mount=type=cache,".repeat(50_000)}`, "captured", way);
  expect(performance.now() - begin).toBeLessThan(20_000);
}, 600_000);
