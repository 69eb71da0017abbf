/** How apps of .NET's are built and started. */
import { describe, expect, test } from "bun:test";
import { readApp } from "../../../../src/languages/dotnet/app.ts";
import { chooseProject, findMember } from "../../../../src/languages/dotnet/choose-project.ts";
import { dotnet } from "../../../../src/languages/dotnet/dotnet.ts";
import { findParts, planParts } from "../../../../src/plan/parts.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";
import { NO_WORK, PYTHON_ALONE } from "../../agent/facts.ts";

type Files = Record<string, string>;

const WEB = "Microsoft.NET.Sdk.Web";
const project = (properties = "", { sdk = "Microsoft.NET.Sdk", items = "" } = {}) =>
  `<Project Sdk="${sdk}">\n<PropertyGroup>\n${properties}\n</PropertyGroup>\n<ItemGroup>${items}</ItemGroup>\n</Project>\n`;
const NET8 = "<TargetFramework>net8.0</TargetFramework>";
const web = (more = "", items = "") => project(NET8 + more, { sdk: WEB, items });
const exe = (more = "", items = "") =>
  project(`${NET8}<OutputType>Exe</OutputType>${more}`, { items });
const library = (items = "") => project(NET8, { items });
const uses = (path: string) => `<ProjectReference Include="${path}" />`;
const needs = (id: string, version = "1.0.0") =>
  `<PackageReference Include="${id}" Version="${version}" />`;
const solution = (...paths: string[]) =>
  `\nMicrosoft Visual Studio Solution File, Format Version 12.00\n${paths
    .map((path) => `Project("{A}") = "x", "${path}", "{B}"\nEndProject\n`)
    .join("")}`;

interface Asked {
  app?: string | null;
  start?: string;
  id?: string;
  frozen?: boolean;
}

const partsOf = (files: Files, { app = null, start, id = "", frozen = false }: Asked = {}) => {
  const tree = memoryTree(files);
  const work = {
    ...{ ...NO_WORK, app, frozen, rendered: { id, version: "1.0" } },
    start: start === undefined ? [] : [{ line: start, from: "run.start" }],
  };
  const input = { work, tree, foundBuildScript: null };
  const placed = { ...input, builtWith: PYTHON_ALONE, versions: {}, place: "here" as const };
  return planParts(findParts(input), placed);
};
const planOf = (files: Files, asked?: Asked) =>
  partsOf(files, asked).find(({ language }) => language.name === "dotnet")!.plan;

const lines = (files: Files, asked?: Asked) => {
  const { install, build } = planOf(files, asked);
  return [...install, ...build].flatMap((one) => (one.kind === "run" ? [one.argv.join(" ")] : []));
};

const chosen = (files: Files, { id = "", started = [] as string[] } = {}) => {
  const tree = memoryTree(files);
  return chooseProject(tree, readApp(tree)!, { member: null, id, started });
};
const requested = (files: Files) =>
  dotnet.runtimes!(memoryTree(files), { languages: [] }).map(
    ({ language, range, use }) => `${use} ${language} ${range}`,
  );

const PUBLISH = "--configuration Release --no-restore --output out";

describe("is built", () => {
  test.each<[string, Files, string[]]>([
    [
      "a project at the top",
      { "shop.csproj": web() },
      ["dotnet restore shop.csproj", "rm -rf -- out", `dotnet publish shop.csproj ${PUBLISH}`],
    ],
    [
      "by its lock",
      { "shop.csproj": web(), "packages.lock.json": "{}" },
      [
        "dotnet restore shop.csproj --locked-mode",
        "rm -rf -- out",
        `dotnet publish shop.csproj ${PUBLISH}`,
      ],
    ],
    [
      "for the newest of its frameworks that runs here",
      {
        "shop.csproj": project(
          "<TargetFrameworks>net48;net8.0;net9.0;net10.0-windows</TargetFrameworks>",
          { sdk: WEB },
        ),
      },
      [
        "dotnet restore shop.csproj",
        "rm -rf -- out",
        `dotnet publish shop.csproj ${PUBLISH} --framework net9.0`,
      ],
    ],
    [
      "for Linux, whatever its project names",
      { "shop.csproj": web("<RuntimeIdentifier>win-x64</RuntimeIdentifier>") },
      [
        "dotnet restore shop.csproj -p:RuntimeIdentifier=",
        "rm -rf -- out",
        `dotnet publish shop.csproj ${PUBLISH} -p:RuntimeIdentifier=`,
      ],
    ],
  ])("%s", (_, files, expected) => {
    expect(lines(files)).toEqual(expected);
  });

  test("from sources of its own that are led to the mirror", () => {
    const files = { "shop.csproj": web(), "nuget.config": "<configuration />" };
    expect(lines(files)[0]).toEndWith("lead_to_mirror.py nuget.config");
  });
});

describe("the app is", () => {
  test.each<[string, Files, string]>([
    [
      "what serves, before other programs, tests and libraries",
      {
        "All.sln": solution("a\\a.csproj", "b\\b.csproj", "c\\c.csproj", "d\\d.Tests.csproj"),
        "a/a.csproj": exe(),
        "b/b.csproj": library(),
        "c/c.csproj": web("", uses("..\\b\\b.csproj")),
        "d/d.Tests.csproj": web("", needs("xunit")),
      },
      "c/c.csproj",
    ],
    [
      "of several that serve, the one that is named like the solution",
      {
        "Shop.slnx": `<Solution><Folder Name="/src/"><Project Path="A/A.csproj" /><Project Path="B/Shop.Web.csproj" /></Folder></Solution>`,
        "A/A.csproj": web(),
        "B/Shop.Web.csproj": web(),
      },
      "B/Shop.Web.csproj",
    ],
    [
      "or the one that no other is built with",
      {
        "A/A.csproj": web(),
        "B/B.csproj": web("", uses("../A/A.csproj")),
        "x.sln": solution("A/A.csproj", "B/B.csproj"),
      },
      "B/B.csproj",
    ],
    [
      "or the one of the Dockerfile",
      {
        "x.sln": solution("A/A.csproj", "B/B.csproj"),
        "A/A.csproj": web(),
        "B/B.csproj": web("<AssemblyName>Serve</AssemblyName>"),
        Dockerfile: 'FROM x\nENTRYPOINT ["dotnet", "Serve.dll"]\n',
      },
      "B/B.csproj",
    ],
    [
      "no example and no tool",
      {
        "x.sln": solution("samples/S/S.csproj", "src/P/P.csproj"),
        "samples/S/S.csproj": web(),
        "src/P/P.csproj": exe(),
      },
      "src/P/P.csproj",
    ],
    [
      "in a folder of sources, with nothing at the top",
      {
        "src/Shop/Shop.fsproj": exe(),
        "tests/T/T.csproj": exe("", needs("Microsoft.NET.Test.Sdk")),
      },
      "src/Shop/Shop.fsproj",
    ],
    [
      "not what starts others for developers",
      {
        "x.sln": solution("H/H.csproj", "W/W.csproj"),
        "H/H.csproj": `<Project Sdk="Microsoft.NET.Sdk"><Sdk Name="Aspire.AppHost.Sdk" Version="9.0.0" /><PropertyGroup>${NET8}<OutputType>Exe</OutputType></PropertyGroup><ItemGroup>${uses("../W/W.csproj")}</ItemGroup></Project>`,
        "W/W.csproj": web(),
      },
      "W/W.csproj",
    ],
  ])("%s", (_, files, expected) => {
    expect(chosen(files)).toMatchObject({ project: { file: expected }, candidates: [] });
  });

  test("of several, one that is told with the others", () => {
    const files = {
      "x.sln": solution("A/A.csproj", "B/B.csproj"),
      ...{ "A/A.csproj": web(), "B/B.csproj": web() },
    };
    expect(planOf(files).warnings).toEqual([
      "several projects can be started: A (A), B (B); A (A) is; build.app names another",
    ]);
    expect(planOf(files, { app: "B" }).start).toMatchObject({
      line: expect.stringContaining("dotnet B.dll"),
    });
    expect(planOf(files, { start: "dotnet B.dll --fast" }).decisions?.[0]?.what).toBe(
      "the project B (B): ASP.NET Core",
    );
    expect(findMember(readApp(memoryTree(files))!, "B")).toBe("B");
  });

  test("what only tests and libraries make is refused", () => {
    const files = { "a.csproj": library() };
    expect(() => planOf(files)).toThrow("has nothing that can be started");
  });
});

describe("asks for", () => {
  test.each<[string, Files, string[]]>([
    [
      "the series of its framework",
      { "a.csproj": web() },
      ["run aspnet 8.0.x", "build dotnet 8.0.x"],
    ],
    ["the plain runtime", { "a.csproj": exe() }, ["run dotnetruntime 8.0.x", "build dotnet 8.0.x"]],
    [
      "ASP.NET Core where a library of its needs that",
      {
        "a.csproj": exe("", uses("b/b.csproj")),
        "b/b.csproj": library('<FrameworkReference Include="Microsoft.AspNetCore.App" />'),
      },
      ["run aspnet 8.0.x", "build dotnet 8.0.x"],
    ],
    [
      "nothing to run what has all of it",
      { "a.csproj": exe("<SelfContained>true</SelfContained>") },
      ["build dotnet 8.0.x"],
    ],
    [
      "the patches of global.json's SDK",
      { "a.csproj": web(), "global.json": '{"sdk": {"version": "8.0.404"}}' },
      ["run aspnet 8.0.x", "build dotnet >=8.0.404 <8.0.500"],
    ],
    [
      "as it rolls forward, with comments",
      {
        "a.csproj": web(),
        "global.json":
          '{ // ours\n"sdk": {"version": "9.0.100", "rollForward": "latestMajor", "allowPrerelease": false}}',
      },
      ["run aspnet 8.0.x", "build dotnet >=9.0.100"],
    ],
    [
      "that very one",
      {
        "a.csproj": web(),
        "global.json": '{"sdk": {"version": "8.0.404", "rollForward": "disable"}}',
      },
      ["run aspnet 8.0.x", "build dotnet 8.0.404"],
    ],
    [
      "one that can build for its framework, where that is told otherwise",
      { "a.csproj": web(), "global.json": '{"sdk": {"version": "6.0.100"}}' },
      ["run aspnet 8.0.x", "build dotnet >=6.0.100 <6.0.200", "build dotnet >=8.0.100"],
    ],
    [
      "what .tool-versions names",
      { "a.csproj": web(), ".tool-versions": "dotnet-core 9.0.101\n" },
      ["run aspnet 8.0.x", "build dotnet 9.0.101"],
    ],
    [
      "a framework that is given above",
      {
        "src/A/A.csproj": project("<OutputType>Exe</OutputType>"),
        "Directory.Build.props":
          "<Project><PropertyGroup><Net>net9.0</Net><TargetFramework>$(Net)</TargetFramework></PropertyGroup></Project>",
      },
      ["run dotnetruntime 9.0.x", "build dotnet 9.0.x"],
    ],
    [
      "what a condition of the release has",
      {
        "a.csproj": project(
          `<OutputType>Exe</OutputType><TargetFramework Condition="'$(Configuration)' == 'Debug'">net6.0</TargetFramework><TargetFramework Condition=" '$(TargetFramework)' == '' ">net8.0</TargetFramework>`,
        ),
      },
      ["run dotnetruntime 8.0.x", "build dotnet 8.0.x"],
    ],
  ])("%s", (_, files, expected) => {
    expect(requested(files)).toEqual(expected);
  });
});

describe("is started", () => {
  test.each<[string, Files, string, number | undefined]>([
    [
      "where PORT says",
      { "a.csproj": web() },
      `ASPNETCORE_URLS=\${ASPNETCORE_URLS:-http://+:\${PORT:-8080}} dotnet a.dll`,
      8080,
    ],
    [
      "at the address of its settings",
      { "a.csproj": web(), "appsettings.json": '{"Urls": "http://localhost:5010"}' },
      `ASPNETCORE_URLS=\${ASPNETCORE_URLS:-http://+:\${PORT:-5010}} dotnet a.dll`,
      5010,
    ],
    [
      "at an endpoint of its settings",
      {
        "a.csproj": web(),
        "appsettings.json":
          '{"Kestrel": {"Endpoints": {"Web": {"Url": "http://*:5011"}, "Tls": {"Url": "https://*:5012"}}}}',
      },
      "dotnet a.dll",
      5011,
    ],
    [
      "where its sources have it listen",
      { "a.csproj": web(), "Program.cs": 'app.Run("http://0.0.0.0:5013");\n' },
      "dotnet a.dll",
      5013,
    ],
    [
      "where they read PORT",
      {
        "a.csproj": web(),
        "Program.cs": 'var port = Environment.GetEnvironmentVariable("PORT") ?? "3000";\n',
      },
      "dotnet a.dll",
      3000,
    ],
    ["a program, with no port", { "my app.csproj": exe() }, "dotnet 'my app.dll'", undefined],
    [
      "by its own name, where it has all of .NET",
      { "a.csproj": web("<PublishAot>true</PublishAot>") },
      `ASPNETCORE_URLS=\${ASPNETCORE_URLS:-http://+:\${PORT:-8080}} ./a`,
      8080,
    ],
  ])("%s", (_, files, line, port) => {
    const { start } = planOf(files);
    expect(start).toMatchObject({ line, dir: "out" });
    expect(start?.port).toBe(port!);
  });

  test("what listens to itself alone is told", () => {
    const files = { "a.csproj": web(), "Program.cs": 'app.Urls.Add("http://localhost:5000");\n' };
    expect(planOf(files).warnings).toEqual([
      "Program.cs has a listen to its own container alone: write 0.0.0.0 in place of localhost",
    ]);
  });

  test.each([
    ["dotnet run --project src/A -- --fast", "cd out && exec dotnet A.dll --fast"],
    ["dotnet run", "cd out && exec dotnet A.dll"],
    ["dotnet bin/Release/net8.0/A.dll", "cd out && exec dotnet A.dll"],
    ["./publish/A one", "cd out && exec dotnet A.dll one"],
    ["MODE=x dotnet A.dll", "cd out && exec env MODE=x dotnet A.dll"],
    ["dotnet watch", null],
    ["dotnet A.dll; rm x", null],
  ])("%s", (line, expected) => {
    const tree = memoryTree({ "x.sln": solution("src\\A\\A.csproj"), "src/A/A.csproj": exe() });
    expect(dotnet.plainCommand!(tree, line)?.line ?? null).toBe(expected);
  });

  test("pages for browsers are served", () => {
    const files = { "a.csproj": project(NET8, { sdk: "Microsoft.NET.Sdk.BlazorWebAssembly" }) };
    expect(planOf(files)).toMatchObject({ start: null, site: { folder: "out/wwwroot" } });
    expect(requested(files)).toEqual(["build dotnet 8.0.x"]);
  });
});

test("what an old one finds nothing for is told", () => {
  const old = project("<TargetFramework>netcoreapp3.1</TargetFramework>", { sdk: WEB });
  const { env, warnings } = planOf({ "a.csproj": old });
  expect(env).toMatchObject({ DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1" });
  expect(warnings?.[0]).toStartWith(
    "a.csproj:3 asks for netcoreapp3.1, which is no longer maintained",
  );
});

describe("has beside it", () => {
  test.each<[string, Files, string[][]]>([
    [
      "what draws",
      { "a.csproj": web("", needs("System.Drawing.Common")) },
      [["libgdiplus", "fontconfig", "libfreetype6", "fonts-dejavu-core"]],
    ],
    [
      "nothing for SQLite, which its package brings",
      { "a.csproj": web("", needs("Microsoft.EntityFrameworkCore.Sqlite")) },
      [],
    ],
    [
      "what .NET itself needs, where it comes with the app",
      {
        "a.csproj": exe(
          "<SelfContained>true</SelfContained><InvariantGlobalization>true</InvariantGlobalization>",
        ),
      },
      [["libssl3|libssl3t64", "libstdc++6", "zlib1g", "tzdata"]],
    ],
  ])("%s", (_, files, expected) => {
    expect(planOf(files).runPackages?.map(({ names }) => [...names])).toEqual(expected);
  });
});

test("its front end is built before, by Node", () => {
  const files = {
    "App.sln": solution("Web/Web.csproj"),
    "Web/Web.csproj": web("<SpaRoot>ClientApp\\</SpaRoot>"),
    "Web/ClientApp/package.json": '{"scripts": {"build": "vite build"}}',
    "Web/ClientApp/package-lock.json": '{"lockfileVersion": 3, "packages": {}}',
  };
  const parts = partsOf(files).map(({ language, dir }) => `${language.name} ${dir}`);
  expect(parts).toEqual(["node Web/ClientApp", "dotnet "]);
});

describe("what is left is", () => {
  const tidied = (files: Files, asked?: Asked) =>
    planOf(files, asked)
      .tidy?.flatMap((one) => (one.kind === "run" ? one.argv : []))
      .at(-1);

  test("what is published, and what is Nua's", () => {
    const line = tidied({ "a.csproj": web() });
    expect(line).toBe(
      "find . -mindepth 1 -maxdepth 1 ! -name out ! -name nua ! -name 'nua-config.*' -exec rm -rf {} +",
    );
  });

  test("and no sources, where something else is started", () => {
    expect(tidied({ "a.csproj": web() }, { start: "./serve.sh" })).toContain("-name '*.cs'");
  });
});

test("beside another language it counts where it is at the top", () => {
  const tree = memoryTree({
    "clients/c/c.csproj": exe(),
    "package.json": "{}",
    "src/x/x.csproj": exe(),
  });
  expect(dotnet.isOfApp!(tree, { languages: ["dotnet", "python"] })).toBe(false);
});
