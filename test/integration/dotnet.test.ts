/**
 * Apps of .NET's, built by a real SDK, with packages of a server of the test's own that speaks NuGet's
 * protocol.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { nuaBuild } from "../helpers/binary.ts";
import { testBuilder } from "../helpers/builders.ts";
import { type DotnetSdk, prepareDotnetSdk, runDotnet } from "../helpers/dotnet-sdk.ts";
import {
  type DotnetServer,
  type NugetPackage,
  startDotnetServer,
} from "../helpers/dotnet-server.ts";
import { docker, gatewayOf, startApp } from "../helpers/engine.ts";

const client = testBuilder("embedded");

let folder: string;
let sdk: DotnetSdk;
let server: DotnetServer;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp("/var/tmp/nua-build-test-");
  sdk = await prepareDotnetSdk();
  const packages = [await pack("1.0.0"), await pack("1.1.0")];
  server = await startDotnetServer(sdk, packages, { password: "reader:s3cret-word" });
  const gateway = await gatewayOf(client);
  env = {
    NUA_DOTNET_DIST: `http://${gateway}:${server.port}/dotnet/`,
    NUA_NUGET_SOURCE: `http://reader:s3cret-word@${gateway}:${server.port}/v3/index.json`,
    // No list of another run counts.
    XDG_CACHE_HOME: join(folder, "cache"),
  };
}, 600_000);
afterAll(async () => {
  server?.[Symbol.dispose]();
  await rm(folder, { recursive: true, force: true });
});

const library = (version: string) => `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>netcoreapp3.1</TargetFramework>
    <PackageId>Nua.Greet</PackageId>
    <Version>${version}</Version>
  </PropertyGroup>
</Project>
`;

const NO_SOURCES = `<configuration><packageSources><clear /></packageSources></configuration>\n`;

/** Made by the SDK itself. */
async function pack(version: string): Promise<NugetPackage> {
  const at = join(folder, `greet-${version}`);
  await Bun.write(join(at, "Nua.Greet.csproj"), library(version));
  await Bun.write(join(at, "NuGet.Config"), NO_SOURCES);
  const code = `namespace Nua { public static class Greet { public static string Word => "greet ${version}"; } }\n`;
  await Bun.write(join(at, "Greet.cs"), code);
  await runDotnet(sdk, at, "pack", "--configuration", "Release", "--output", "made");
  const bytes = await readFile(join(at, `made/Nua.Greet.${version}.nupkg`));
  return { id: "Nua.Greet", version, bytes };
}

const WEB = `<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup>
    <TargetFramework>$(OurFramework)</TargetFramework>
    <RestorePackagesWithLockFile>true</RestorePackagesWithLockFile>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Nua.Greet" Version="1.0.*" />
    <ProjectReference Include="..\\Shop.Core\\Shop.Core.csproj" />
  </ItemGroup>
</Project>
`;

const PROGRAM = `using System.IO;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

public static class Program {
  public static void Main(string[] args) => Host.CreateDefaultBuilder(args)
    .ConfigureWebHostDefaults(web => web.Configure((context, app) => app.UseStaticFiles().Run(async request =>
      await request.Response.WriteAsync(Nua.Greet.Word + ", " + Shop.Core.Words.Of(context.Configuration["Word"])
        + ", sources: " + (File.Exists("Program.cs") || Directory.Exists("/nua/build/src")) + "\\n"))))
    .Build().Run();
}
`;

const APP: Record<string, string> = {
  "Dnshop.sln": `
Microsoft Visual Studio Solution File, Format Version 12.00
Project("{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}") = "Shop.Web", "src\\Shop.Web\\Shop.Web.csproj", "{11111111-1111-1111-1111-111111111111}"
EndProject
Project("{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}") = "Shop.Core", "src\\Shop.Core\\Shop.Core.csproj", "{22222222-2222-2222-2222-222222222222}"
EndProject
`,
  "Directory.Build.props": `<Project><PropertyGroup><OurFramework>netcoreapp3.1</OurFramework></PropertyGroup></Project>\n`,
  "NuGet.Config": `<configuration>
  <packageSources>
    <clear />
    <add key="nuget.org" value="https://api.nuget.org/v3/index.json" />
  </packageSources>
</configuration>
`,
  "src/Shop.Web/Shop.Web.csproj": WEB,
  "src/Shop.Web/Program.cs": PROGRAM,
  "src/Shop.Web/appsettings.json": '{"Word": "settings"}\n',
  "src/Shop.Web/wwwroot/hello.txt": "a page\n",
  "src/Shop.Core/Shop.Core.csproj": `<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>$(OurFramework)</TargetFramework></PropertyGroup></Project>\n`,
  "src/Shop.Core/Words.cs":
    'namespace Shop.Core { public static class Words { public static string Of(string one) => "of " + one; } }\n',
};

const COMMAND: Record<string, string> = {
  "dntell.csproj": `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>netcoreapp3.1</TargetFramework></PropertyGroup>
</Project>
`,
  "Program.cs":
    'public static class Program { public static void Main() => System.Console.WriteLine("told"); }\n',
};

async function build(name: string, files: Record<string, string>, ...words: string[]) {
  const app = join(folder, name);
  for (const [path, text] of Object.entries(files)) await Bun.write(join(app, path), text);
  const built = await nuaBuild(["--no-save", ...words, app], { client, env });
  return { ...built, app };
}

const run = (tag: string, line: string) =>
  docker(client, "run", "--rm", "--entrypoint", "sh", tag, "-c", line);

describe("an app that serves", () => {
  test("gets its packages from the mirror, is published, answers and stops", async () => {
    const { status, stderr } = await build("dotnet-shop", APP, "-vv");
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(stderr).not.toContain("s3cret-word");
    expect(server.asked).toContain("/v3-flatcontainer/nua.greet/1.0.0/nua.greet.1.0.0.nupkg");
    const tag = "nua-dnshop:0.1.0";
    await using app = await startApp(client, tag, { port: 8080 });
    const body = "greet 1.0.0, of settings, sources: False\n";
    expect(await app.get("/")).toEqual({ status: 200, body });
    expect(await app.get("/hello.txt")).toEqual({ status: 200, body: "a page\n" });
    const stopped = await app.stop();
    expect(stopped.status).toBe(0);
    expect(stopped.seconds).toBeLessThan(2);
  }, 900_000);

  test("listens where PORT says", async () => {
    await using app = await startApp(client, "nua-dnshop:0.1.0", {
      port: 9123,
      env: { PORT: "9123" },
    });
    expect(await app.get("/hello.txt")).toEqual({ status: 200, body: "a page\n" });
  });

  test("and its image has what is published and what runs it, and nothing else", async () => {
    const tag = "nua-dnshop:0.1.0";
    expect(await run(tag, "ls /nua/build; ls /nua/build/out | grep -c Shop.Web.dll")).toBe(
      "nua-config.json\nout\n1",
    );
    expect(await run(tag, "dotnet --list-sdks; ls -A /nua | tr '\\n' ' '")).not.toMatch(
      /nuget|\.dotnet/,
    );
    const history = await docker(client, "history", "--no-trunc", tag);
    expect(history).not.toContain("s3cret-word");
    const found = await run(
      tag,
      "grep -rl s3cret-word /nua /etc /root /var/tmp 2>/dev/null || true",
    );
    expect(found).toBe("");
  });

  test("is not restored again for an edit", async () => {
    const edited = { ...APP, "src/Shop.Web/Program.cs": PROGRAM.replace("sources: ", "changed: ") };
    server.asked.length = 0;
    const { status, stderr } = await build("dotnet-shop", edited);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(server.asked.filter((path) => path.startsWith("/v3"))).toEqual([]);
    await using app = await startApp(client, "nua-dnshop:0.1.0", { port: 8080 });
    expect((await app.get("/")).body).toContain("changed: False");
  }, 300_000);
});

test("a lock that does not fit ends the build", async () => {
  const lock = {
    version: 1,
    dependencies: {
      ".NETCoreApp,Version=v3.1": {
        "Nua.Greet": {
          type: "Direct",
          requested: "[0.9.0, )",
          resolved: "0.9.0",
          contentHash: "x",
        },
      },
    },
  };
  const files = { ...APP, "src/Shop.Web/packages.lock.json": JSON.stringify(lock) };
  const { status, stderr } = await build("dotnet-locked", files);
  expect(stderr).toContain("NU1004");
  expect(status).toBe(5);
}, 300_000);

test("an SDK that nobody has is refused, with those that there are", async () => {
  const files = { ...COMMAND, "global.json": '{\n  "sdk": {\n    "version": "3.1.999"\n  }\n}\n' };
  const { status, stderr } = await build("dotnet-pin", files);
  expect({ status, stderr }).toMatchObject({ status: 4 });
  expect(stderr).toContain("global.json");
  expect(stderr).toContain("3.1.102");
});
