import { describe, expect, test } from "bun:test";
import type { StaticSite } from "../../../../src/languages/language.ts";
import { detectLanguages } from "../../../../src/languages/languages.ts";
import { planSite } from "../../../../src/languages/static/site.ts";
import { staticSites } from "../../../../src/languages/static/static.ts";
import { BUILD } from "../../../../src/protocol/layout.ts";
import { expectGolden } from "../../../helpers/golden.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

const OPTIONS = {
  ...{ source: BUILD, runtime: "image" as const, version: "1", place: "here" as const },
  ...{ versions: {}, member: null, languages: ["static"] },
};
const NOT_FOUND = "not found" as const;

const planned = (files: Record<string, string>) => staticSites.plan(memoryTree(files), OPTIONS);

describe("a site is", () => {
  const rows: [string, Record<string, string>, Partial<StaticSite> | null][] = [
    ["the app's folder", { "index.html": "", "a.html": "" }, { folder: "" }],
    ["a folder of pages", { "public/index.html": "" }, { folder: "public" }],
    ["what a build has left", { "dist/index.html": "" }, { folder: "dist" }],
    [
      "the folder of a Staticfile",
      { Staticfile: "root: hello\n", "index.html": "", "hello/index.html": "" },
      { folder: "hello", options: {}, from: { what: "Staticfile" } },
    ],
    [
      "the app's folder by a Staticfile that says nothing",
      { Staticfile: "", "public/index.html": "" },
      { folder: "public", options: {}, from: { what: "Staticfile" } },
    ],
    [
      "an app of one page",
      { Staticfile: "pushstate: enabled\n", "index.html": "" },
      { folder: "", fallback: "index", options: {}, from: { what: "Staticfile" } },
    ],
    [
      "one with an answer of its own to what is not there",
      { Staticfile: "index_fallback: false\n", "index.html": "" },
      { folder: "", options: {}, from: { what: "Staticfile" } },
    ],
    [
      "what its options make of it",
      {
        Staticfile: `directory: visible\nhost_dot_files: true\nssi: enabled\nforce_https: true
http_strict_transport_security: true\nhttp_strict_transport_security_preload: true\n`,
        "Staticfile.auth": "a:b\n",
      },
      {
        folder: "",
        options: {
          ...{ listing: true, hidesDotFiles: false, includes: true, httpsOnly: true },
          ...{ hsts: "max-age=31536000; preload", passwords: "Staticfile.auth" },
        },
        from: { what: "Staticfile" },
      },
    ],
    ["one page", { "cv.html": "" }, { folder: "", options: { index: "cv.html" } }],
    ["several pages", { "a.html": "", "b.html": "" }, { folder: "", options: { listing: true } }],
    ["nothing", { "README.md": "" }, null],
  ];
  test.each(rows)("%s", (_, files, expected) => {
    const from = { what: staticSites.detect(memoryTree(files)) ?? "" };
    const site = expected === null ? null : { fallback: NOT_FOUND, from, ...expected };
    expect(planned(files).site).toEqual(site as StaticSite | null);
  });
});

describe("is the language of", () => {
  const rows: [string, Record<string, string>, string[]][] = [
    ["pages", { "index.html": "" }, ["static"]],
    [
      "no pages of an app of Node's",
      { "index.html": "", "package.json": "{}", "server.js": "" },
      ["node"],
    ],
    [
      "pages whose package.json starts nothing",
      { "index.html": "", "package.json": "{}" },
      ["static"],
    ],
    ["what a Staticfile lies beside", { Staticfile: "", "package.json": "{}" }, ["node", "static"]],
  ];
  test.each(rows)("%s", (_, files, expected) => {
    expect(detectLanguages(memoryTree(files)).map(({ name }) => name)).toEqual(expected);
  });
});

describe("warns of", () => {
  const rows: [string, Record<string, string>, string[]][] = [
    ["nothing", { "index.html": "" }, []],
    [
      "what is not carried over",
      { Staticfile: "root: a\nlocation_include: b/*.conf\nstatus_codes:\n  404: x\n" },
      [
        'Staticfile:2: "location_include" is not carried over',
        'Staticfile:3: "status_codes" is not carried over',
      ],
    ],
    [
      "pages without a first one",
      { "a.html": "", "b.html": "" },
      ["there is no index.html: a visitor sees the list of what is in the app's folder"],
    ],
  ];
  test.each(rows)("%s", (_, files, expected) => {
    expect(planned(files).warnings).toEqual(expected);
  });
});

describe("refuses", () => {
  const rows: [string, string][] = [
    ["root: [a\n", 'Read "Staticfile": '],
    ["- a\n", 'Read "Staticfile": expected keys and values'],
    ["just text\n", 'Read "Staticfile": expected keys and values'],
  ];
  test.each(rows)("%p", (text, message) => {
    expect(() => planned({ Staticfile: text })).toThrow(message);
  });

  const site = { folder: "dist", fallback: NOT_FOUND, from: { what: "run.static" } };
  const sites: [string, Partial<StaticSite>][] = [
    ["a folder outside", { folder: "../other" }],
    ["an absolute folder", { folder: "/etc" }],
    ["a word that nginx reads", { folder: 'a"; } evil {' }],
    ["a variable of nginx", { folder: "$uri" }],
    ["a page outside", { page: "../a.html" }],
    ["an index that nginx reads", { options: { index: 'a" b' } }],
  ];
  test.each(sites)("%s", (_, change) => {
    const plan = () => planSite({ ...site, ...change }, { source: BUILD, tree: undefined });
    expect(plan).toThrow("expected one of the app's");
  });
});

test("what a page calls itself describes its site", () => {
  const tree = memoryTree({ "index.html": "<html><title>Of\n  cats </title>" });
  expect(staticSites.describe?.(tree)).toEqual({ description: "Of cats" });
});

const sites: [string, StaticSite, Record<string, string>][] = [
  ["pages", { folder: "", fallback: NOT_FOUND, from: { what: "index.html" } }, {}],
  [
    "an app of one page",
    { folder: "dist", fallback: "index", isBundled: true, from: { what: "package.json" } },
    {},
  ],
  [
    "options",
    { folder: "dist", fallback: "index", from: { what: "package.json" } },
    {
      Staticfile: `root: out\nindex_fallback: false\ndirectory: visible\nssi: enabled
force_https: true\nhost_dot_files: true\nhttp_strict_transport_security: true\n`,
      "Staticfile.auth": "a:b\n",
    },
  ],
];

describe("serves", () => {
  test.each(sites)("%s", (name, site, files) => {
    const { commands, ...others } = planSite(site, { source: BUILD, tree: memoryTree(files) });
    const told = commands.map((command) =>
      command.kind === "write-file" && command.path.endsWith("serve.sh")
        ? { ...command, text: "…" }
        : command,
    );
    const texts = told.map((command) => {
      if (command.kind === "run") return command.argv.at(-1);
      return command.kind === "write-file" ? `${command.path}:\n${command.text}` : command.kind;
    });
    const text = [...texts, JSON.stringify(others, null, 2), ""].join("\n");
    expectGolden(`static/${name.replaceAll(" ", "-")}.txt`, text);
  });
});
