import { describe, expect, test } from "bun:test";
import { formatAptSource, parseAptSources } from "../../../src/registries/apt-sources.ts";

const KEYRING = "/usr/share/keyrings/example.gpg";

describe("sources of one line", () => {
  test.each([
    {
      line: "deb http://deb.example/debian bookworm main contrib # trailing",
      line2: "deb http://deb.example/debian bookworm main contrib",
    },
    {
      line: `deb [arch=amd64 signed-by=${KEYRING}] https://x.example/u jammy-updates main`,
      line2: `deb [signed-by=${KEYRING}] https://x.example/u jammy-updates main`,
    },
    { line: "# deb http://off.example/debian bookworm main", line2: undefined },
    { line: "deb-src http://deb.example/debian bookworm main", line2: undefined },
  ])("$line", ({ line, line2 }) => {
    expect(parseAptSources("sources.list", line).map(formatAptSource)).toEqual(
      line2 === undefined ? [] : [line2],
    );
  });
});

test("a deb822 file gives one source for each address and suite", () => {
  const text = `# a comment
Types: deb deb-src
URIs: http://a.example/debian http://b.example/debian
Suites: bookworm bookworm-updates
Components: main non-free
Signed-By: ${KEYRING}

Types: deb
URIs: http://off.example
Suites: bookworm
Components: main
Enabled: no

Types: deb
URIs: http://key.example
Suites: bookworm
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 -----END PGP PUBLIC KEY BLOCK-----
`;
  expect(parseAptSources("debian.sources", text).map(formatAptSource)).toEqual([
    `deb [signed-by=${KEYRING}] http://a.example/debian bookworm main non-free`,
    `deb [signed-by=${KEYRING}] http://a.example/debian bookworm-updates main non-free`,
    `deb [signed-by=${KEYRING}] http://b.example/debian bookworm main non-free`,
    `deb [signed-by=${KEYRING}] http://b.example/debian bookworm-updates main non-free`,
    "deb http://key.example bookworm main",
  ]);
});

test("other files beside them are not sources", () => {
  expect(parseAptSources("README", "deb http://x.example bookworm main")).toEqual([]);
});
