import { describe, expect, test } from "bun:test";
import {
  formatCommand,
  plainCommands,
  wordText,
} from "../../../../src/languages/node/script-line.ts";

const plain: [string, string[]][] = [
  ["node server.js", ["node server.js"]],
  ["  NODE_ENV=production  node .", ["NODE_ENV=production node ."]],
  ["cd apps/web && npm start", ["cd apps/web", "npm start"]],
  ["tsc&&node dist/main.js", ["tsc", "node dist/main.js"]],
  ["node -e 'a && b; c'", ["node -e 'a && b; c'"]],
  ['next start -p "$PORT"', ['next start -p "$PORT"']],
  [`next start -p $\{PORT:-3000}`, [`next start -p $\{PORT:-3000}`]],
];
test.each(plain)("%s", (line, expected) => {
  expect(plainCommands(line)?.map(formatCommand)).toEqual(expected);
});

const others = [
  ...["", "a; b", "a | b", "a & b", "a || b", "a > b", "a $(b)", "a `b`", "(a)", "a\nb", "A=b"],
  ...["if a", "exec a", "a && ", "&& a", "a # b", 'a "$(b)"', "export A=b", "[ -f a ] && b"],
];
test.each(others)("of a shell: %s", (line) => {
  expect(plainCommands(line)).toBeNull();
});

describe("a word stands for", () => {
  const words: [string, string | undefined][] = [
    ["a", "a"],
    ["'a b'", "a b"],
    ['"a \\" b"', 'a " b'],
    ["a\\ b", "a b"],
    ["$A", undefined],
    ["'$A'", "$A"],
    ["*.js", undefined],
  ];
  test.each(words)("%s", (word, expected) => {
    expect(wordText(word)).toBe(expected);
  });
});
