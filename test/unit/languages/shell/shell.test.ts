import { describe, expect, test } from "bun:test";
import { detectLanguages } from "../../../../src/languages/languages.ts";
import { shell } from "../../../../src/languages/shell/shell.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

const OPTIONS = {
  ...{ source: "/nua/build", runtime: "image" as const, version: "1", place: "here" as const },
  ...{ versions: {}, member: null, languages: ["shell"] },
};

describe("is the language of", () => {
  const rows: [string, Record<string, string>, string[]][] = [
    ["a script", { "start.sh": "echo" }, ["shell"]],
    ["a script of another name", { "run.sh": "echo" }, ["shell"]],
    ["no script of any name", { "deploy.sh": "echo" }, []],
    ["no folder of that name", { "start.sh/a": "echo" }, []],
    ["a script beside pages", { "start.sh": "", "index.html": "" }, ["static", "shell"]],
    ["pages beside another script", { "run.sh": "", "index.html": "" }, ["static"]],
    ["a script beside Python", { "start.sh": "", "requirements.txt": "" }, ["python"]],
  ];
  test.each(rows)("%s", (_, files, expected) => {
    expect(detectLanguages(memoryTree(files)).map(({ name }) => name)).toEqual(expected);
  });
});

describe("starts", () => {
  const rows: [string, string, { line: string; packages?: string[]; port?: number }][] = [
    ["by the shell that is named", "#!/bin/bash\n", { line: "bash start.sh" }],
    ["with its options", "#! /bin/sh -eu\n", { line: "sh -eu start.sh" }],
    ["by way of env", "#!/usr/bin/env -S bash -e\n", { line: "bash -e start.sh" }],
    ["by bash where none is", "echo\n", { line: "bash start.sh" }],
    ["an empty one", "", { line: "bash start.sh" }],
    ["with Debian's shell", "#!/bin/zsh\n", { line: "zsh start.sh", packages: ["zsh"] }],
    ["with Windows' line ends", "#!/bin/sh\r\necho\r\n", { line: "sh start.sh" }],
    ["no command of a first line", "#!/bin/sh -c;reboot\n", { line: "sh start.sh" }],
    ["with its port", "#!/bin/sh\nserve $PORT\n", { line: "sh start.sh", port: 8000 }],
    ["with its own port", `serve $\{PORT:-3000}\n`, { line: "bash start.sh", port: 3000 }],
    ["without a port", "echo $PORTS\n", { line: "bash start.sh" }],
  ];
  test.each(rows)("%s", (_, text, { line, packages, port }) => {
    const from = { what: "start.sh" };
    const { start, runPackages } = shell.plan(memoryTree({ "start.sh": text }), OPTIONS);
    expect(start).toEqual({ line, from, ...(port === undefined ? {} : { port }) });
    expect(runPackages).toEqual(packages === undefined ? [] : [{ names: packages, from }]);
  });
});

describe("warns of", () => {
  const rows: [string, string, string[]][] = [
    ["nothing", "#!/bin/sh\necho\n", []],
    [
      "an interpreter that is none",
      "#!/usr/bin/env no;thing\n",
      ['start.sh:1: "no?thing" is no shell that is known: bash is taken'],
    ],
    [
      "line ends",
      "#!/bin/sh\r\n",
      [
        "start.sh has the line ends of Windows (CRLF), which shells take for a part of each command",
      ],
    ],
  ];
  test.each(rows)("%s", (_, text, expected) => {
    expect(shell.plan(memoryTree({ "start.sh": text }), OPTIONS).warnings).toEqual(expected);
  });
});
