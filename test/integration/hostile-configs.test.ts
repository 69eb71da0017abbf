/** What asks for more than any machine has is refused, soon and in little memory. No engine. */
import { describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BINARY } from "../helpers/binary.ts";
import { HOSTILE_CONFIGS, type HostileConfig } from "../helpers/hostile-configs.ts";

/** Milliseconds after which a call counts as one that never ends. */
const GUARD = 60_000;

/** Bytes. */
const MEMORY = 300e6;

function withApp({ file, text }: HostileConfig): Disposable & { folder: string } {
  const folder = mkdtempSync(join(tmpdir(), "nua-hostile-"));
  writeFileSync(join(folder, file), text);
  return {
    folder,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function start(words: string[], env: Record<string, string> = {}) {
  return Bun.spawn([BINARY, ...words], {
    ...{ stdout: "pipe", stderr: "pipe", timeout: GUARD, killSignal: "SIGKILL" },
    env: { ...process.env, ...env },
  });
}

describe("check ends by itself", () => {
  for (const config of HOSTILE_CONFIGS) {
    test(
      `${config.file}: ${config.name}`,
      async () => {
        expect(config.text.length).toBeLessThan(1.1e6);
        using app = withApp(config);
        const child = start(["check", app.folder]);
        const stderr = await new Response(child.stderr).text();
        await child.exited;
        expect(child.signalCode).toBeNull();
        expect(config.status).toContain(child.exitCode!);
        expect(stderr).not.toContain("fault of nua-build");
        expect(stderr.length).toBeLessThan(200_000);
        expect(child.resourceUsage()!.maxRSS).toBeLessThan(MEMORY);
      },
      2 * GUARD,
    );
  }
});

describe("check ends by SIGTERM", () => {
  const slow = HOSTILE_CONFIGS.filter(({ name }) => /anchors|unknown keys|many numbers/.test(name));
  for (const config of slow) {
    test(
      `${config.file}: ${config.name}`,
      async () => {
        using app = withApp(config);
        const child = start(["check", app.folder]);
        await Bun.sleep(100);
        child.kill("SIGTERM");
        await child.exited;
        // Killed by the guard would be SIGKILL; it may have been done before.
        expect(child.signalCode).not.toBe("SIGKILL");
        expect([0, 3, 143, null]).toContain(child.exitCode);
      },
      2 * GUARD,
    );
  }
});

describe("settings files are bounded as well", () => {
  const cases: Record<string, string> = {
    "1 MB": `#${"x".repeat(999_000)}`,
    "deep lists": `a = ${"[".repeat(60_000)}1${"]".repeat(60_000)}`,
    "dotted keys": `${"a.".repeat(100_000)}a = 1`,
  };
  for (const [name, text] of Object.entries(cases)) {
    test(
      name,
      async () => {
        using app = withApp(HOSTILE_CONFIGS[0]!);
        const home = join(app.folder, "nua-build");
        mkdirSync(home);
        writeFileSync(join(home, "nua-build.toml"), text);
        const child = start(["schema"], { XDG_CONFIG_HOME: app.folder });
        const stderr = await new Response(child.stderr).text();
        await child.exited;
        expect(child.exitCode).toBe(3);
        expect(stderr).toContain("error: Read settings");
        expect(child.resourceUsage()!.maxRSS).toBeLessThan(MEMORY);
      },
      2 * GUARD,
    );
  }
});
