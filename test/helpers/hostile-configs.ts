/** Configurations and settings that ask for more than any machine has, each under 1 MB. */

export interface HostileConfig {
  name: string;
  /** Its name in the app's folder. */
  file: string;
  text: string;
  /** Exit statuses that are right. */
  status: readonly number[];
}

const META = '[metadata]\nid = "app"\nversion = "1.0"\ntitle = "App"\nauthor = "Me"\n';
const YAML_META = "metadata: {id: app, version: '1.0', title: App, author: Me}\n";
const JSON_META = '"metadata": {"id": "app", "version": "1.0", "title": "App", "author": "Me"}';

const REFUSED = [3];
const FINE = [0];
const EITHER = [0, 3];

/** Lines by their number. */
function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join("\n");
}

const toml = (name: string, body: string, status: readonly number[] = REFUSED): HostileConfig => ({
  ...{ name, status, file: "nua-config.toml", text: `${META}${body}\n` },
});
const yaml = (name: string, body: string, status: readonly number[] = REFUSED): HostileConfig => ({
  ...{ name, status, file: "nua-config.yaml", text: `${YAML_META}${body}\n` },
});
const json = (name: string, body: string, status: readonly number[] = REFUSED): HostileConfig => ({
  ...{ name, status, file: "nua-config.json", text: `{${JSON_META}, ${body}}\n` },
});

/** Each alias stands for nine of the one before. */
function aliasBomb(levels: number, open: string, close: string): string {
  const first = `a0: &a0 ${open}${lines(9, (i) => (open === "{" ? `k${i}: x` : "x")).replaceAll("\n", ", ")}${close}`;
  const others = lines(levels, (level) => {
    const item = (i: number) => (open === "{" ? `k${i}: *a${level}` : `*a${level}`);
    const items = lines(9, item).replaceAll("\n", ", ");
    return `a${level + 1}: &a${level + 1} ${open}${items}${close}`;
  });
  return `env:\n  ${`${first}\n${others}`.replaceAll("\n", "\n  ")}`;
}

/** A table that merges every one before it. */
function mergeBomb(count: number): string {
  const first = `  m0: &m0 {${lines(2000, (i) => `k${i}: x`).replaceAll("\n", ", ")}}`;
  return `env:\n${first}\n${lines(count, (i) => `  m${i + 1}: &m${i + 1} {<<: [*m${i}, *m0], n${i}: y}`)}`;
}

const deep = (depth: number, open: string, inner: string, close: string) =>
  open.repeat(depth) + inner + close.repeat(depth);

export const HOSTILE_CONFIGS: readonly HostileConfig[] = [
  yaml("aliases of lists", aliasBomb(9, "[", "]")),
  yaml("aliases of tables", aliasBomb(9, "{", "}")),
  yaml("aliases of an unknown section", aliasBomb(9, "[", "]").replace("env:", "zzz:")),
  yaml("aliases in one list", `env:\n  a: &a {x: 1}\n  b: [${"*a, ".repeat(50_000)}]`),
  yaml("an alias of itself", "env: &e\n  a: *e"),
  yaml("an alias of itself in a list", "build:\n  packages: &p [*p]"),
  yaml("merged tables", mergeBomb(3000), EITHER),
  yaml(
    "one table merged many times",
    `${mergeBomb(1)}\n  z: {<<: [${"*m0, ".repeat(20_000)}]}`,
    EITHER,
  ),
  yaml("20,000 keys", `env:\n${lines(20_000, (i) => `  k${i}: ${i}`)}`),
  yaml("150,000 keys", `env:\n${lines(100_000, (i) => ` k${i}: 1`)}`),
  yaml("deep brackets", `env: ${deep(60_000, "[", "1", "]")}`),
  yaml("deep brackets, never closed", `env: ${"[".repeat(200_000)}`),
  yaml("deep braces", `env: ${deep(40_000, "{a: ", "1", "}")}`),
  yaml("deep dashes", `env:\n${"- ".repeat(100_000)}x`),
  yaml("deep keys by indentation", `env:\n${lines(600, (i) => `${" ".repeat(i + 1)}k:`)}`),
  yaml("deep question marks", `env:\n${"? ".repeat(100_000)}x`, EITHER),
  yaml("anchors", `env:\n${lines(4900, (i) => `  k${i}: &a${i} x`)}`, EITHER),
  yaml("a long key", `env: {${"k".repeat(200_000)}: x}`),
  yaml("many quotes", `env: {a: ${'"x'.repeat(60_000)}}`),
  yaml("many tags", `env: {a: ${"!!str ".repeat(30_000)}x}`),
  yaml("a long number", `env: {a: ${"9".repeat(200_000)}}`, EITHER),
  yaml("many numbers", `env:\n${lines(4900, (i) => `  k${i}: ${i}.10`)}`, EITHER),
  yaml("many documents", "---\n".repeat(50_000)),
  yaml("a folded text of blank lines", `env:\n  a: >\n${"\n".repeat(200_000)}   x`, EITHER),
  toml("20,000 keys", `[env]\n${lines(20_000, (i) => `k${i} = ${i}`)}`),
  toml(
    "4,900 unknown sections",
    lines(4900, (i) => `[s${i}]`),
    EITHER,
  ),
  toml("4,900 unknown keys", `[build]\n${lines(4900, (i) => `packges${i} = 1`)}`, EITHER),
  toml("4,900 wrong values", `[build]\npackages = [${"{}, ".repeat(4900)}]`),
  toml("dotted keys", `[env]\n${"a.".repeat(100_000)}a = 1`),
  toml("many dotted keys", `[env]\n${lines(400, (i) => `${"a.".repeat(250)}k${i} = 1`)}`),
  toml("dotted tables", `[${"a.".repeat(100_000)}a]`),
  toml("deep lists", `[env]\na = ${deep(60_000, "[", "1", "]")}`),
  toml("deep tables", `[env]\na = ${deep(30_000, "{a = ", "1", "}")}`),
  toml("a long key", `[env]\n${"k".repeat(200_000)} = 1`),
  toml("a long unknown key", `[build]\n${"k".repeat(250)} = 1`, EITHER),
  toml("a long line with an error", `[env]\na = "${"x".repeat(200_000)}" b`),
  toml("a long number", `[env]\na = ${"9".repeat(200_000)}`),
  toml("a long fraction", `[env]\na = 1.${"0".repeat(200_000)}`, EITHER),
  toml("zeros", `[env]\na = 1\nb = "${"0".repeat(200_000)}"`, FINE),
  toml("4,900 numbers", `[env]\n${lines(4900, (i) => `k${i} = ${i}`)}`, FINE),
  toml("4,900 versions", `[env]\n${lines(4000, (i) => `k${i} = ${i}.10`)}`, FINE),
  toml(
    "3,000 apps within",
    lines(3000, (i) => `[[provider]]\nname = "p${i}"\ntype = "app"`),
  ),
  toml("a wide format", '[build]\nbuild = "{version:999999999}"'),
  toml("an exact format", '[build]\nrelease = 1\nbuild = "{release:.999999999f}"'),
  toml("formats within formats", `[build]\nbuild = "${deep(40_000, "{id:", "", "}")}"`),
  toml("braces, never closed", `[build]\nbuild = "${"{id:".repeat(50_000)}"`),
  toml(
    "texts that stand for one another",
    `[build]\nlicense = "${"x".repeat(50_000)}"\nbuild = [${`"${"{license}".repeat(20)}", `.repeat(900)}]`,
  ),
  toml("steps of a field", `[build]\nbuild = "{id${"[a]".repeat(60_000)}}"`),
  toml("a field of dots", `[build]\nbuild = "{id${".a".repeat(90_000)}"`),
  toml(
    "a version of dots",
    "[metadata]\n".concat("").concat(`x = "${"1.".repeat(100_000)}"`),
    EITHER,
  ),
  toml("an address of colons", `[build]\ngit-url = "${"a:".repeat(100_000)}"`, EITHER),
  toml("an address of signs", `[build]\nsrc-url = "http://${"a@".repeat(100_000)}"`, EITHER),
  toml("a base image of dashes", `[build]\nbase-image = "a${"-".repeat(200_000)}"`),
  json("20,000 keys", `"env": {${lines(20_000, (i) => `"k${i}": ${i}`).replaceAll("\n", ",")}}`),
  json("deep lists", `"env": ${deep(100_000, "[", "1", "]")}`),
  json("deep lists, never closed", `"env": ${"[".repeat(200_000)}`),
  json("deep tables", `"env": ${deep(40_000, '{"a":', "1", "}")}`),
  json("the same key", `"env": {${lines(4900, () => '"k": 1').replaceAll("\n", ",")}}`),
  json(
    "long path",
    `"env": ${deep(19, `{"${"k".repeat(250)}":`, `{${lines(4900, (i) => `"k${i}":1`).replaceAll("\n", ",")}}`, "}")}`,
  ),
  json("a huge number", '"build": {"x": 1}, "healthcheck": {"command": "x", "interval": 1e999}'),
  json("a NUL", '"build": {"build": "echo \\u0000"}'),
  json(
    "the prototype",
    '"__proto__": {"x": 1}, "env": {"__proto__": "x", "constructor": "y"}',
    EITHER,
  ),
  {
    name: "1 MB",
    file: "nua-config.toml",
    text: `${META}#${"x".repeat(999_000)}`,
    status: REFUSED,
  },
  { name: "no UTF-8", file: "nua-config.toml", text: `${META}#\ud800`, status: EITHER },
];
