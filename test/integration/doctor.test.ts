import { expect, test } from "bun:test";
import { nuaBuild } from "../helpers/binary.ts";
import { testBuilders } from "../helpers/builders.ts";

const clients = testBuilders();

test.each(clients)("with $name, the engine is told to be fit", async (client) => {
  const { stdout } = await nuaBuild(["doctor", "--json"], { client });
  const { findings } = JSON.parse(stdout) as {
    findings: { name: string; status: string; detail: string; hint?: string }[];
  };
  const named = (name: string) => findings.find((finding) => finding.name === name);
  expect(named("client")?.status).toBe("ok");
  expect(named("engine")?.status).toBe("ok");
  expect(named("storage")?.detail).not.toBe("");
  expect(named("build folder")?.detail).toContain("free in");
  for (const { status, hint } of findings) expect(hint === undefined).toBe(status === "ok");
});

test("without an engine it says so, and ends with 6", async () => {
  const env = { DOCKER_HOST: "unix:///nonexistent.sock" };
  const { status, stdout } = await nuaBuild(["doctor"], { client: clients[0]!, env });
  expect(status).toBe(6);
  expect(stdout).toMatch(/^fail +engine +Reach the engine .*nonexistent/m);
  expect(stdout).toMatch(/^ +-> start it/m);
  expect(stdout).toContain("build folder");
});
