/** The schema of nua-config for editors and other tools. */
import { toJsonSchema } from "@valibot/to-json-schema";
import { MISPLACED_METADATA } from "./misplaced-keys.ts";
import { configSchema } from "./schema.ts";

type Node = NonNullable<ReturnType<typeof toJsonSchema>>;

/**
 * What check takes without a warning, as far as JSON Schema can say it; keys in places where
 * they do not belong are marked as deprecated.
 * @returns JSON Schema, draft 7
 */
export function jsonSchema(): object {
  const schema = toJsonSchema(configSchema, { typeMode: "input", errorMode: "ignore" });
  return { ...withoutDrafted(withStrays(tidy(schema))), title: "nua-config" };
}

// --- internal ---

/** One list of types in place of nested alternatives, no other keys, and both spellings. */
function tidy(node: Node): Node {
  const inner = mapChildren(node, tidy);
  if (inner.properties) {
    return { ...inner, properties: bothSpellings(inner.properties), additionalProperties: false };
  }
  return inner.anyOf === undefined ? inner : joinTypes(inner);
}

function mapChildren(node: Node, change: (child: Node) => Node): Node {
  const changed = (child: unknown) => change(child as Node);
  const { properties, anyOf, items, additionalProperties } = node;
  return {
    ...node,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, child]) => [key, changed(child)]),
      ),
    }),
    ...(anyOf && { anyOf: anyOf.map(changed) }),
    ...(isNode(items) && { items: change(items) }),
    ...(isNode(additionalProperties) && { additionalProperties: change(additionalProperties) }),
  };
}

function isNode(value: unknown): value is Node {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function bothSpellings(properties: NonNullable<Node["properties"]>) {
  const entries = Object.entries(properties).flatMap(([key, child]) =>
    key.includes("-")
      ? [[key, child] as const, [key.replaceAll("-", "_"), child] as const]
      : [[key, child] as const],
  );
  return Object.fromEntries(entries);
}

/** `string, or number, or null` as one list; the description of an alternative is the whole's. */
function joinTypes({ anyOf = [], ...rest }: Node): Node {
  const alternatives = (anyOf as Node[]).flatMap((child) => {
    const { anyOf: deeper, ...outer } = child;
    return deeper ? (deeper as Node[]) : [outer];
  });
  const description =
    rest.description ?? (anyOf as Node[]).find((child) => child.description)?.description;
  const plain = alternatives.filter((child) => isPlain(child));
  const types = [...new Set(plain.flatMap(({ type }) => type ?? []))];
  const others = alternatives.filter((child) => !isPlain(child));
  const joined = types.length === 1 ? { type: types[0] } : { type: types };
  const described = description === undefined ? {} : { description };
  if (others.length === 0) return { ...rest, ...joined, ...described } as Node;
  const choices = types.length === 0 ? others : [joined as Node, ...others];
  const [only] = choices;
  return { ...rest, ...(choices.length === 1 ? only : { anyOf: choices }), ...described } as Node;
}

function isPlain({ type, description: _, ...rest }: Node): boolean {
  return type !== undefined && Object.keys(rest).length === 0 && type !== "object";
}

/** Keys of metadata and of providers that belong elsewhere; see misplaced-keys.ts. */
function withStrays(schema: Node): Node {
  const { metadata = {}, build = {}, provider = {} } = propertiesOf(schema);
  const buildKeys = propertiesOf(tableOf(build));
  const list = (provider.anyOf as Node[]).find(({ items }) => items) ?? {};
  const providers = list.items as Node;
  const complete = {
    ...list,
    items: addStrays(providers, {
      "base-image": buildKeys["base-image"],
      version: propertiesOf(providers)["module-version"],
    }),
  };
  const strays = MISPLACED_METADATA.map((key) => [key, buildKeys[key]] as const);
  const properties = {
    ...propertiesOf(schema),
    metadata: addStrays(metadata, Object.fromEntries(strays)),
    provider: { ...provider, anyOf: [{ type: "null" } as const, complete] },
  };
  return { ...schema, properties };
}

function addStrays(table: Node, strays: Readonly<Record<string, Node | undefined>>): Node {
  const entries = Object.entries(strays).flatMap(([key, { default: _, ...node } = {}]) =>
    [key, key.replaceAll("-", "_")].map((name) => [name, { ...node, deprecated: true }]),
  );
  return { ...table, properties: { ...propertiesOf(table), ...Object.fromEntries(entries) } };
}

/** What the app's folder says where the configuration does not: see draft-metadata.ts. */
function withoutDrafted({ required: _, ...schema }: Node): Node {
  const { metadata = {}, ...others } = propertiesOf(schema);
  const { required: __, ...open } = metadata;
  return { ...schema, properties: { metadata: open, ...others } };
}

/** Of a table that may be null. */
function tableOf({ anyOf = [] }: Node): Node {
  return (anyOf as Node[]).find(({ properties }) => properties) ?? {};
}

function propertiesOf({ properties = {} }: Node): Record<string, Node> {
  return properties as Record<string, Node>;
}
