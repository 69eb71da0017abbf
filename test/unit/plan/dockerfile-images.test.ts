import { expect, test } from "bun:test";
import { dockerfileNeeds } from "../../../src/dockerfile/images.ts";

const images = (text: string, args = {}) => dockerfileNeeds(text, args).images;

test("the images of its stages, with their arguments filled in", () => {
  const text = `ARG tag=12
ARG nua_builder_tag
ARG full="debian:\${tag}"
FROM --platform=linux/amd64 \${nua_builder_tag} AS build
FROM $full
FROM \${other:-alpine:3} as Last
from build
FROM last
FROM scratch
`;
  expect(images(text, { nua_builder_tag: "nua-builder:1" })).toEqual([
    ...["nua-builder:1", "debian:12", "alpine:3"],
  ]);
});

test("the images that files are taken from", () => {
  const text = `FROM a AS one
COPY --chown=1 --from=b:1 /x /y
COPY --from=one /x /y
COPY --from=0 /x /y
RUN --mount=type=bind,from=c,target=/z \\
    # a comment between
    --mount=type=bind,source=/q,from=d,target=/w true
RUN echo --from=nothing-of-the-kind
RUN <<EOF cat
FROM nothing
EOF
COPY --from=e /x /y
`;
  expect(images(text)).toEqual(["a", "b:1", "c", "d", "e"]);
});

test("a frontend, and addresses", () => {
  const text = `# syntax=docker/dockerfile:1
FROM a
ADD https://example.org/x.tar.gz /x
ADD ["http://example.org/a b", "/y"]
ADD local /z
RUN curl https://example.org/run
`;
  expect(dockerfileNeeds(text, {}).addresses).toEqual([
    { what: "docker/dockerfile:1", line: 1 },
    { what: "https://example.org/x.tar.gz", line: 3 },
    { what: "http://example.org/a", line: 4 },
  ]);
});

test("nothing of it in no Dockerfile", () => {
  expect(dockerfileNeeds("", {})).toEqual({ images: [], addresses: [] });
  expect(dockerfileNeeds("FROM\nARG\nCOPY", {})).toEqual({ images: [], addresses: [] });
});

test("arguments that double with each line are an error", () => {
  const lines = Array.from({ length: 60 }, (_, index) => `ARG a${index + 1}=$a${index}$a${index}`);
  const text = `ARG a0=aaaaaaaa\n${lines.join("\n")}\nFROM $a60\n`;
  expect(() => images(text)).toThrow("its arguments become too long a text");
});
