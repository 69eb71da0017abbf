import { expect, test } from "bun:test";
import { DOCKER } from "../../../src/engine/docker.ts";
import { PODMAN } from "../../../src/engine/podman.ts";

test("of Docker", () => {
  const told = {
    Driver: "overlay2",
    DockerRootDir: "/var/lib/docker",
    SystemTime: "2026-01-02T03:04:05.123456789Z",
  };
  expect(DOCKER.readState(told)).toEqual({
    driver: "overlay2",
    root: "/var/lib/docker",
    time: new Date("2026-01-02T03:04:05.123Z"),
  });
});

test("of podman", () => {
  const store = { graphDriverName: "vfs", graphRoot: "/var/lib/containers/storage" };
  expect(PODMAN.readState({ store, host: {} })).toEqual({
    driver: "vfs",
    root: "/var/lib/containers/storage",
    time: undefined,
  });
});

test("what is not told, or no time, is not known", () => {
  expect(DOCKER.readState({})).toEqual({ driver: undefined, root: undefined, time: undefined });
  expect(DOCKER.readState({ SystemTime: "today" }).time).toBeUndefined();
});
