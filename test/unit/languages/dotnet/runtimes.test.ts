/** Which SDK and which runtime an app of .NET's gets: two numbers, and one of them may be named. */
import { expect, test } from "bun:test";
import { baseName, builderName, planBases } from "../../../../src/bases/base-images.ts";
import { chooseRuntimes, listedRuntimes } from "../../../../src/bases/choose-runtimes.ts";
import type { RequestedRuntime } from "../../../../src/languages/runtime.ts";

const FROM = { what: "a.csproj", line: 3 };
const RUN: RequestedRuntime = { language: "aspnet", range: "8.0.x", from: FROM, use: "run" };
const BUILD: RequestedRuntime = { language: "dotnet", range: "8.0.x", from: FROM, use: "build" };

function choose(requests: RequestedRuntime[], builder?: unknown, lists = {}) {
  const { run, build } = chooseRuntimes({
    ...{ requests, builder, builderFrom: { what: "build.builder" }, lists },
    linux: { configured: "debian:12", others: [], refused: {} },
  });
  return { run, build };
}

test("both are of the series of its framework", () => {
  expect(choose([RUN, BUILD])).toEqual({
    run: [{ language: "aspnet", version: "8.0" }],
    build: [{ language: "dotnet", version: "8.0" }],
  });
});

test.each(["dotnet-9.0", "dotnet-sdk-9.0", { name: "dotnet", version: "9.0" }])(
  "%p is another SDK, and what runs the app stays",
  (builder) => {
    expect(choose([RUN, BUILD], builder)).toEqual({
      run: [{ language: "aspnet", version: "8.0" }],
      build: [{ language: "dotnet", version: "9.0" }],
    });
  },
);

test("an SDK of global.json is the newest of its hundreds that there is", () => {
  const pinned = { ...BUILD, range: ">=8.0.402 <8.0.500" };
  const lists = { dotnet: ["8.0.122", "8.0.404", "8.0.416", "9.0.100"] };
  expect(choose([RUN, pinned], undefined, lists).build).toEqual([
    { language: "dotnet", version: "8.0.416" },
  ]);
});

test("only a version that is pinned, or a series that nobody knows yet, needs a list", () => {
  const listed = (range: string) =>
    listedRuntimes({
      ...{ requests: [{ ...BUILD, range }], builder: undefined, builderFrom: FROM },
      linux: { configured: "debian:12", others: [], refused: {} },
    }).map(({ language }) => language);
  expect(listed("8.0.x")).toEqual([]);
  expect(listed(">=8.0.402 <8.0.500")).toEqual(["dotnet"]);
  expect(listed("12.0.x")).toEqual(["dotnet"]);
});

test("the SDK stands upon what runs the app, which has an image of its own", () => {
  const run = [{ language: "aspnet", version: "8.0" }];
  const all = [...run, { language: "dotnet", version: "9.0" }];
  expect(baseName(run)).toBe("nua-aspnet8.0");
  expect(builderName(all)).toBe("nua-builder-aspnet8.0-dotnet9.0");
  expect(planBases([builderName(all)]).map(({ name }) => name)).toEqual([
    ...["nua-python", "nua-builder", "nua-aspnet8.0", "nua-aspnet8.0-dotnet9.0"],
    "nua-builder-aspnet8.0-dotnet9.0",
  ]);
});
