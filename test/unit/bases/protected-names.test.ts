import { expect, test } from "bun:test";
import { refuseProtected } from "../../../src/bases/protected-names.ts";
import { VERSION } from "../../../src/protocol/version.ts";
import { Recorder, recordedSession } from "../../helpers/recorder.ts";

const engine = new Recorder({ images: [{ tags: ["debian:bookworm"], diffIds: ["sha256:1"] }] });
const { session } = recordedSession(engine, { linuxBase: "debian:bookworm" });

const load = (tag: string, diffId = "sha256:2") =>
  refuseProtected(
    [
      { tag: "nua-app:1.0", diffIds: [] },
      { tag, diffIds: [diffId] },
    ],
    session,
  ).then(
    () => "loaded",
    (error: { code: string; hint: string }) => `${error.code}: ${error.hint}`,
  );

test.each([
  `nua-python:${VERSION}`,
  "nua-python:0.0.1",
  "nua-python",
  `docker.io/library/nua-builder:${VERSION}`,
  `localhost/nua-python:${VERSION}`,
  `library/nua-nodejs20:${VERSION}`,
  `nua-builder-ruby322:${VERSION}`,
])("bases are loaded by bases load only: %s", async (tag) => {
  expect(await load(tag)).toMatch(/^input: .*nua-build bases load FILE$/);
});

test.each([
  ...["nua-bundle:0123", "nua-linux:debian-bookworm", "nua-inputs:1"],
  ...["nua-candidate:1", "nua-record:1", "localhost/nua-candidate:1"],
])("and what nua-build makes for itself not at all: %s", async (tag) => {
  expect(await load(tag)).toStartWith("input: ");
});

test("the Linux base is not replaced", async () => {
  expect(await load("debian:bookworm")).toContain("docker image rm debian:bookworm");
  expect(await load("docker.io/library/debian:bookworm")).toStartWith("input: ");
  expect(await load("debian:bookworm", "sha256:1")).toBe("loaded");
});

test.each(["nua-app:2.0", "debian:trixie", "nua-python-app:1.0", "example.org/nua-python:1"])(
  "anything else is loaded: %s",
  async (tag) => {
    expect(await load(tag)).toBe("loaded");
  },
);
