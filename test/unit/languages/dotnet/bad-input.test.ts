/** What is wrong with an app of .NET's: one message, with its file and line. */
import { describe, expect, test } from "bun:test";
import { toldOf } from "../../../helpers/told.ts";

type Files = Record<string, string>;

const project = (properties: string, items = "", sdk = "Microsoft.NET.Sdk.Web") =>
  `<Project Sdk="${sdk}">\n<PropertyGroup>\n${properties}\n</PropertyGroup>\n<ItemGroup>\n${items}\n</ItemGroup>\n</Project>\n`;
const NET8 = "<TargetFramework>net8.0</TargetFramework>";
const GOOD = project(NET8);
const app = (more: Files = {}): Files => ({ "a.csproj": GOOD, ...more });
const solution = (path: string) =>
  `Microsoft Visual Studio Solution File, Format Version 12.00\nProject("{A}") = "x", "${path}", "{B}"\n`;
const CONFLICT = "<<<<<<< HEAD\n=======\n>>>>>>> theirs\n";

/** Each entity is ten of the one before. */
const BOMB = `<!DOCTYPE a [<!ENTITY a0 "x">${Array.from({ length: 30 }, (_, at) => `<!ENTITY a${at + 1} "${`&a${at};`.repeat(10)}">`).join("")}]>\n<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup>${NET8}<Title>&a30;</Title></PropertyGroup></Project>`;

/** Each property is ten of the one before. */
const PROPERTIES = Array.from(
  { length: 60 },
  (_, at) => `<P${at + 1}>${`$(P${at})`.repeat(10)}</P${at + 1}>`,
).join("\n");

test("nothing is told of one without faults", () => {
  expect(toldOf(app())).toEqual({ warnings: [] });
});

describe("is an error:", () => {
  test.each<[string, Files, string]>([
    [
      "a project that is no XML",
      app({ "a.csproj": "<Project Sdk='Microsoft.NET.Sdk.Web'>\n<PropertyGroup>\n</Project>\n" }),
      'a.csproj:3: Read "a.csproj": not valid XML: ',
    ],
    ["one with marks of a conflict", app({ "a.csproj": GOOD + CONFLICT }), "a.csproj:9: "],
    [
      "files above it that are none",
      app({ "Directory.Build.props": "<Project>" }),
      'Directory.Build.props:1: Read "Directory.Build.props": not valid XML',
    ],
    ["NuGet.Config that is none", app({ "NuGet.Config": "{}" }), "NuGet.Config:1: "],
    [
      "a solution that is none",
      app({ "a.sln": "hello\n" }),
      'a.sln:1: Read "a.sln": it is no solution',
    ],
    [
      "a solution whose project is not there",
      app({ "a.sln": solution("src\\b\\b.csproj") }),
      'a.sln:2: Read "a.sln": the project "src/b/b.csproj" is not there',
    ],
    [
      "a reference to a project that is not there",
      app({ "a.csproj": project(NET8, '<ProjectReference Include="..\\x\\..\\b.csproj" />') }),
      "a.csproj:6: ",
    ],
    [
      "one to a project that is not there, below",
      app({ "a.csproj": project(NET8, '<ProjectReference Include="b\\b.csproj" />') }),
      'a.csproj:6: Read "a.csproj": it references the project "b/b.csproj", which is not there',
    ],
    [
      "one out of the folder",
      app({ "a.csproj": project(NET8, '<ProjectReference Include="..\\b\\b.csproj" />') }),
      'a.csproj:6: Read "a.csproj": it references the project "../b/b.csproj", which is outside',
    ],
    [
      "the .NET Framework",
      app({ "a.csproj": project("<TargetFramework>net48</TargetFramework>") }),
      'a.csproj:3: Read "a.csproj": it is built for net48, the .NET Framework, which runs on Windows alone',
    ],
    [
      "a project of the old form",
      app({
        "a.csproj":
          '<Project ToolsVersion="15.0" xmlns="http://schemas.microsoft.com/developer/msbuild/2003">\n<PropertyGroup>\n<OutputType>Exe</OutputType>\n<TargetFrameworkVersion>v4.7.2</TargetFrameworkVersion>\n</PropertyGroup>\n</Project>',
      }),
      'a.csproj:4: Read "a.csproj": it is built for v4.7.2, the .NET Framework',
    ],
    [
      "what is built for Windows",
      app({ "a.csproj": project("<TargetFramework>net8.0-windows</TargetFramework>") }),
      'a.csproj:3: Read "a.csproj": it is built for net8.0-windows, which runs on Windows alone',
    ],
    [
      "a program with windows",
      app({ "a.csproj": project(`${NET8}\n<UseWPF>true</UseWPF>`) }),
      'a.csproj:4: Read "a.csproj": UseWPF: programs with windows run on Windows alone',
    ],
    [
      "no framework",
      app({ "a.csproj": project("") }),
      'a.csproj:1: Read "a.csproj": there is no TargetFramework',
    ],
    [
      "a global.json that is none",
      app({ "global.json": '{\n"sdk": {"version": "8.0.100"\n' }),
      'global.json:3: Read "global.json": not valid JSON',
    ],
    [
      "one that names no version of an SDK",
      app({ "global.json": '{"sdk": {\n"version": "8.0"}}' }),
      'global.json:2: Read "global.json": "8.0" is no version of an SDK',
    ],
    [
      "one that holds something else",
      app({ "global.json": '{"sdk": {"version": 8}}' }),
      'global.json:1: Read "global.json": ',
    ],
    [
      "one that rolls to nowhere",
      app({ "global.json": '{"sdk": {"version": "8.0.100",\n"rollForward": "up"}}' }),
      'global.json:2: Read "global.json": "up" is no way to roll forward',
    ],
  ])("%s", (_, files, expected) => {
    expect(toldOf(files).error ?? "").toStartWith(expected);
  });

  test("an SDK that nobody has, with those that there are", () => {
    const { error, hint } = toldOf(app({ "global.json": '{"sdk": {\n"version": "8.0.999"}}' }));
    expect(error).toStartWith('global.json:2: global.json:2 asks for dotnet ">=8.0.999 <8.0.1000"');
    expect(hint).toContain("8.0.416");
  });
});

describe("is bounded:", () => {
  test.each<[string, Files]>([
    ["entities of entities", app({ "a.csproj": BOMB })],
    [
      "properties of properties",
      app({ "a.csproj": project(`${NET8}\n<P0>0123456789</P0>\n${PROPERTIES}`) }),
    ],
    [
      "projects below properties of properties",
      {
        "Directory.Build.props": `<Project><PropertyGroup><P0>0123456789</P0>${PROPERTIES}${"<X>$(P2)$(P2)$(P2)$(P2)</X>".repeat(2000)}</PropertyGroup></Project>`,
        ...Object.fromEntries(
          Array.from({ length: 1000 }, (_, at) => [`src/p${at}/p${at}.csproj`, GOOD]),
        ),
      },
    ],
    [
      "projects that reference each other",
      app({
        "a.csproj": project(NET8, '<ProjectReference Include="b/b.csproj" />'),
        "b/b.csproj": project(
          NET8,
          '<ProjectReference Include="../a.csproj" />',
          "Microsoft.NET.Sdk",
        ),
      }),
    ],
    [
      "files that import each other",
      app({
        "a.csproj": GOOD.replace("<ItemGroup>", '<Import Project="x.props" /><ItemGroup>'),
        "x.props": '<Project><Import Project="x.props" /><Import Project="a.csproj" /></Project>',
      }),
    ],
    [
      "a condition without an end",
      app({ "a.csproj": project(`${NET8}<A Condition="${"(' and ".repeat(5000)}">x</A>`) }),
    ],
    [
      "lines of a solution",
      app({ "a.sln": `${solution("a.csproj")}${'Project("'.repeat(100_000)}` }),
    ],
  ])("%s", (_, files) => {
    // Without bounds it would run for minutes: the time of a test is limited.
    expect(toldOf(files)).toBeDefined();
  });
});

test("a password in NuGet.Config is told", () => {
  const config = `<configuration><packageSourceCredentials>\n<ours>\n<add key="ClearTextPassword" value="s3cret" />\n</ours></packageSourceCredentials></configuration>`;
  const { warnings } = toldOf(app({ "NuGet.Config": config }));
  expect(warnings[0]).toStartWith('NuGet.Config:3 holds the password of "ours"');
  expect(warnings[0]).not.toContain("s3cret");
});
