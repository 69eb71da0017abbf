/** Keys that the schema does not have. */
import type * as v from "valibot";
import { closest } from "../lib/closest.ts";
import type { Path } from "./source-map.ts";

export interface UnknownKey {
  path: Path;
  /** The key that was probably meant. */
  guess: string | undefined;
}

/** Walks a value along its schema. */
export function findUnknownKeys(
  schema: v.GenericSchema,
  value: unknown,
  path: Path = [],
): UnknownKey[] {
  if (value === null || typeof value !== "object") return [];
  const node = schema as SchemaNode;
  if (node.wrapped) return findUnknownKeys(node.wrapped, value, path);
  if (node.pipe?.[0] && node.pipe[0] !== schema) return findUnknownKeys(node.pipe[0], value, path);
  if (node.item && Array.isArray(value)) {
    return value.flatMap((item, index) => findUnknownKeys(node.item!, item, [...path, index]));
  }
  if (node.entries) {
    const known = node.entries;
    return Object.entries(value).flatMap(([key, inner]) =>
      Object.hasOwn(known, key)
        ? findUnknownKeys(known[key]!, inner, [...path, key])
        : [{ path: [...path, key], guess: closest(key, Object.keys(known)) }],
    );
  }
  if (node.type === "record" && typeof node.value === "object") {
    const inner = node.value as v.GenericSchema;
    return Object.entries(value).flatMap(([key, item]) =>
      findUnknownKeys(inner, item, [...path, key]),
    );
  }
  return [];
}

// --- internal ---

/** The parts of valibot's schemas that lead to others. */
interface SchemaNode {
  type: string;
  wrapped?: v.GenericSchema;
  item?: v.GenericSchema;
  value?: unknown;
  entries?: Record<string, v.GenericSchema>;
  pipe?: readonly v.GenericSchema[];
}
