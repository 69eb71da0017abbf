/** Pure: what an app in Ruby says of itself: in its gemspec, or in the configuration of Jekyll. */
import { yaml } from "../../lib/yaml.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { AppDescription } from "../language.ts";

export function describeRuby(tree: SourceTree): AppDescription | null {
  const spec = tree.list("").find(({ name, kind }) => kind === "file" && /\.gemspec$/.test(name));
  if (spec !== undefined) return fromGemspec(tree.text(spec.name) ?? "", tree);
  return fromJekyll(tree.text("_config.yml")) ?? fromRails(tree.text("config/application.rb"));
}

// --- internal ---

/** Literal texts: `spec.name = "a"`. */
function fromGemspec(text: string, tree: SourceTree): AppDescription {
  const value = (key: string) =>
    new RegExp(`^[ \\t]*\\w+\\.${key}\\s*=\\s*\\[?\\s*["']([^"'\\n#]{1,500})["']`, "m").exec(
      text,
    )?.[1];
  const name = value("name");
  return withoutGaps({
    name,
    version: value("version") ?? versionConstant(tree, name),
    description: value("summary") ?? value("description"),
    author: value("authors?"),
    license: value("licenses?"),
    homepage: value("homepage"),
  });
}

/** `VERSION = "1.2.3"` in lib/NAME/version.rb. */
function versionConstant(tree: SourceTree, name = ""): string | undefined {
  const file = tree.text(`lib/${name.replaceAll("-", "/")}/version.rb`);
  return /\bVERSION\s*=\s*["'](\d[\w.]{0,50})["']/.exec(file ?? "")?.[1];
}

function fromJekyll(text: string | undefined): AppDescription | null {
  if (text === undefined) return null;
  const config = mappingOf(text);
  const value = (key: string) =>
    typeof config[key] === "string" ? config[key].replace(/\s+/g, " ").trim() : undefined;
  return withoutGaps({
    description: value("title") ?? value("description"),
    homepage: value("url"),
  });
}

/** What cannot be read, Jekyll itself complains of. */
function mappingOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = yaml.parse(text, { maxAliasCount: 20 });
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** `module MyShop` is "my-shop". */
function fromRails(text: string | undefined): AppDescription | null {
  const [, module] = /^module ([A-Z]\w{0,80})$/m.exec(text ?? "") ?? [];
  if (module === undefined) return null;
  return { name: module.replace(/(?<=[a-z\d])(?=[A-Z])/g, "-").toLowerCase() };
}

function withoutGaps(fields: Record<string, string | undefined>): AppDescription {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value));
}
