/** The words of texts in Elixir. */
import { expect, test } from "bun:test";
import { NoElixir, tokensOf } from "../../../../src/languages/elixir/tokens.ts";

const words = (text: string) => tokensOf(text).map(({ kind, text: one }) => `${kind} ${one}`);

test.each<[string, string[]]>([
  ['app: :shop, name: "Shop"', ["key app", "atom shop", "mark ,", "key name", "string Shop"]],
  ['"assets.deploy": []', ["key assets.deploy", "mark [", "mark ]"]],
  ["@version 1.5 # a { comment", ["attribute version", "number 1.5"]],
  ['?" <> ?\\" <> ?{', ["number ", "mark <", "mark >", "number ", "mark <", "mark >", "number "]],
  ["ok? x!", ["word ok?", "word x!"]],
  ['~s(a) ~w[b c]a ~S"""\n#{d\n"""', ["string a", "string b c", "string \n#{d\n"]],
  ['"a#{f("}", %{b: "c"})}d"', ['string a#{f("}", %{b: "c"})}d']],
  ["x :: integer", ["word x", "mark ::", "word integer"]],
  ['\'chars\' """\nlines "\n"""', ["string chars", 'string \nlines "\n']],
  [':"quoted atom" :+', ["atom quoted atom", "atom +"]],
  ['"größe" größe', ["string größe", "word größe"]],
])("of %s", (text, expected) => {
  expect(words(text)).toEqual(expected);
});

test("what is computed into a text is known", () => {
  const [plain, computed, list] = tokensOf('"a" "#{a}" ~w(a b)');
  expect([plain, computed, list].map((one) => one?.isDynamic)).toEqual([undefined, true, true]);
});

test("brackets know where they are closed", () => {
  expect(tokensOf("[a, {b}]").map(({ end }) => end)).toEqual([
    ...[6, undefined, undefined, 5, undefined, undefined, undefined],
  ]);
});

test.each([
  ["\n[", 2],
  ["(]", 1],
  ["\n\n}", 3],
  ['\n"abc\n', 2],
  ['"#{"', 1],
  [`"#{`.repeat(100), 1],
])("%j is none", (text, line) => {
  expect(() => tokensOf(text)).toThrow(NoElixir);
  try {
    tokensOf(text);
  } catch (error) {
    expect((error as NoElixir).line).toBe(line);
  }
});
