/** What leads an app's own NuGet sources to the mirror. */
import { expect, test } from "bun:test";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SCRIPT = join(import.meta.dir, "../../../../src/languages/dotnet/agent/lead_to_mirror.py");
const CONFIG = `<packageSources>
  <add key="nuget.org" value="https://api.nuget.org/v3/index.json" protocolVersion="3" />
  <add key='old' value='https://www.nuget.org/api/v2/'/>
  <add key="ours" value="https://nuget.example/https://api.nuget.org/v3/index.json" />
</packageSources>\r\n`;

function led(text: string, mirror: string, { isLink = false } = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "nua-build-test-"));
  try {
    const file = join(folder, "NuGet.Config");
    writeFileSync(join(folder, "elsewhere"), text);
    if (isLink) symlinkSync("elsewhere", file);
    else writeFileSync(file, text);
    execFileSync("python3", [SCRIPT, file], { env: { ...process.env, NUA_NUGET_SOURCE: mirror } });
    return readFileSync(file, "utf8");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("nuget.org becomes the mirror, and nothing else", () => {
  expect(led(CONFIG, "http://m.example/v3/index.json?a&b")).toBe(`<packageSources>
  <add key="nuget.org" value="http://m.example/v3/index.json?a&amp;b" allowInsecureConnections="true" protocolVersion="3" />
  <add key='old' value="http://m.example/v3/index.json?a&amp;b" allowInsecureConnections="true"/>
  <add key="ours" value="https://nuget.example/https://api.nuget.org/v3/index.json" />
</packageSources>\r\n`);
});

test("without a mirror, and through a link, nothing is written", () => {
  expect(led(CONFIG, "")).toBe(CONFIG);
  expect(led(CONFIG, "https://m.example/", { isLink: true })).toBe(CONFIG);
});
