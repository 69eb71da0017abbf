import { describe, expect, test } from "bun:test";
import * as v from "valibot";
import { completeProvider, findModuleProblems, MODULES } from "../../../src/config/modules.ts";
import { type AppConfig, configSchema } from "../../../src/config/schema.ts";
import { findUnknownKeys } from "../../../src/config/unknown-keys.ts";

const metadata = { id: "app", version: "1.0", title: "App", author: "Nua" };

function problems(provider: object[]) {
  const config = v.parse(configSchema, { metadata, provider }) as AppConfig;
  return findModuleProblems(config);
}

describe("the definitions", () => {
  test.each(Object.entries(MODULES))("%s fits the schema", (name, module) => {
    const config = { metadata, provider: [{ name, ...module }] };
    expect(v.safeParse(configSchema, config).issues).toBeUndefined();
    expect(findUnknownKeys(configSchema, config)).toEqual([]);
  });
});

describe("versions", () => {
  test.each([
    [undefined, "postgres:15.1"],
    ["", "postgres:15.1"],
    [">=14,<15", "postgres:14.6"],
    [">=14, <15", "postgres:14.6"],
    ["14", "postgres:14.6"],
    ["13.*", "postgres:13.9"],
    ["==12.13", "postgres:12.13"],
    ["<12", "postgres:11.18"],
    ["~=14.0", "postgres:14.6"],
    ["!=15.1", "postgres:14.6"],
  ])("%p is %s", (wanted, image) => {
    const provider = completeProvider({
      name: "db",
      "module-name": "postgres",
      "module-version": wanted,
    });
    expect(provider.build?.["base-image"]).toBe(`docker.io/library/${image}`);
  });

  test("are compared as numbers", () => {
    const provider = completeProvider({ name: "db", "module-name": "mariadb" });
    expect(provider.build?.["base-image"]).toBe("docker.io/library/mariadb:10.10");
  });

  test("one provider's is not another's", () => {
    completeProvider({ name: "a", "module-name": "postgres", "module-version": "<12" });
    const provider = completeProvider({ name: "b", "module-name": "postgres" });
    expect(provider.build?.["base-image"]).toBe("docker.io/library/postgres:15.1");
  });

  test("of the provider's own replace the module's; those of another architecture don't count", () => {
    const provider = completeProvider({
      name: "db",
      "module-name": "postgres",
      "module-versions": [
        { version: 16, link: "example.org/pg:16" },
        { version: "17", arch: "arm64", link: "example.org/pg:17-arm64" },
      ],
    });
    expect(provider.build?.["base-image"]).toBe("example.org/pg:16");
  });
});

describe("the provider's values win", () => {
  test("key by key in tables, at one level; as a whole otherwise", () => {
    const provider = completeProvider({
      name: "db",
      "module-name": "postgres",
      network: false,
      connector: [],
      env: { POSTGRES_PORT: "5433", MORE: "x" },
      docker: { restart_policy: { name: "no" } },
      volume: [],
      build: { license: "PostgreSQL", "base-image": null },
      run: null,
    });
    expect(provider).toMatchObject({
      type: "docker-image",
      network: false,
      connector: [],
      docker: { detach: true, restart_policy: { name: "no" } },
      volume: [],
      build: { license: "PostgreSQL", "base-image": "docker.io/library/postgres:15.1" },
    });
    expect(provider.env).toMatchObject({ POSTGRES_PORT: "5433", MORE: "x" });
    expect(Object.keys(provider.env ?? {})).toContain("POSTGRES_DB");
  });

  test("also over the image", () => {
    const provider = completeProvider({
      name: "db",
      "module-name": "postgres",
      build: { license: "x", "base-image": "example.org/own:1" },
    });
    expect(provider.build?.["base-image"]).toBe("example.org/own:1");
  });

  test("the module itself stays as it is", () => {
    const before = structuredClone(MODULES);
    const provider = completeProvider({ name: "db", "module-name": "postgres" });
    Object.assign(provider.env ?? {}, { CHANGED: "x" });
    expect(MODULES).toEqual(before);
  });

  test("sqlite is a volume, and no image", () => {
    const provider = completeProvider({ name: "files", "module-name": "sqlite" });
    expect(provider.type).toBe("volume");
    expect(provider.build).toBeUndefined();
  });
});

describe("problems have their place", () => {
  test.each([
    [{ "module-name": "postgre" }, "module-name", 'did you mean "postgres"?'],
    [{ "module-name": "constructor" }, "module-name", "use one of postgres"],
    [{ "module-name": "postgres", "module-version": ">=99" }, "module-version", "there are 15.1"],
    [{ "module-name": "postgres", "module-version": "new" }, "module-version", ">=14,<15"],
  ])("%p", (provider, key, hint) => {
    const [problem] = problems([{ name: "first" }, { name: "db", ...provider }]);
    expect(problem?.path).toEqual(["provider", 1, key]);
    expect(problem?.hint).toContain(hint);
  });
});
