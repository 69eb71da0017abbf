/** `config`. */
import { loadConfigStep } from "../steps/load-config.ts";
import { openAppStep } from "../steps/open-app.ts";
import { COMMON_ARGS, defineCommand } from "./command.ts";

export const configCommand = defineCommand({
  meta: {
    name: "nua-build config",
    description: "Print the normalized configuration, as it will stand in the image",
  },
  words: "[PATH]",
  args: {
    format: { type: "string", default: "json", description: "json, toml or yaml" },
    strict: { type: "boolean", description: "Unknown keys of the configuration are errors" },
    ...COMMON_ARGS,
  },
  async run(args, data) {
    await using app = await openAppStep.run({ path: data.words[0] ?? "." }, data.session);
    const options = { ...app, strict: args.strict === true };
    const { config } = await loadConfigStep.run(options, data.session);
    const { formatConfig } = await import("../config/format-config.ts");
    data.print(formatConfig(config, args.format).trimEnd());
  },
});
