/** `schema`. */
import { jsonSchema } from "../config/json-schema.ts";
import { COMMON_ARGS, defineCommand } from "./command.ts";

export const schemaCommand = defineCommand({
  meta: { name: "nua-build schema", description: "Print the JSON Schema of nua-config" },
  words: "",
  args: COMMON_ARGS,
  async run(_args, data) {
    data.print(JSON.stringify(jsonSchema(), null, 2));
  },
});
