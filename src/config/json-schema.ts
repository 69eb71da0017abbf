/** The schema of nua-config for editors and other tools. */
import { toJsonSchema } from "@valibot/to-json-schema";
import { configSchema } from "./schema.ts";

/** @returns JSON Schema, draft 7 */
export function jsonSchema(): object {
  return {
    ...toJsonSchema(configSchema, { typeMode: "input", errorMode: "ignore" }),
    title: "nua-config",
  };
}
