/** `nua-build doctor`. */
import { examine } from "../doctor/examine.ts";
import type { Finding } from "../doctor/finding.ts";
import { EXIT_STATUS, NuaError } from "../lib/errors.ts";
import { BASE_ARGS, COMMON_ARGS, defineCommand, NETWORK_ARGS } from "./command.ts";

export const doctorCommand = defineCommand({
  meta: {
    name: "nua-build doctor",
    description: "See whether this machine can build, and what to do where it cannot",
  },
  words: "",
  args: {
    fix: { type: "boolean", description: "Remove what killed runs have left behind" },
    output: { type: "string", alias: "o", description: "Folder of archives (/var/tmp)" },
    ...BASE_ARGS,
    ...NETWORK_ARGS,
    ...COMMON_ARGS,
  },
  async run(args, { words, session, print, endWith }) {
    if (words.length > 0) {
      throw new NuaError("usage", `Examine "${words.join(" ")}": doctor takes no words`, {
        hint: "nua-build doctor",
      });
    }
    const findings = await examine(session, { fix: args.fix === true });
    const failed = findings.filter(({ status }) => status === "fail");
    if (args.json) print(JSON.stringify({ ok: failed.length === 0, findings }));
    else printFindings(findings, print);
    // As of an engine that cannot be used: builds fail.
    if (failed.length > 0) endWith(EXIT_STATUS.engine);
  },
});

// --- internal ---

function printFindings(findings: readonly Finding[], print: (line: string) => void): void {
  const width = Math.max(...findings.map(({ name }) => name.length));
  for (const { name, status, detail, hint } of findings) {
    print(`${status.padEnd(4)}  ${name.padEnd(width)}  ${detail}`);
    if (hint !== undefined) print(`${" ".repeat(4 + 2 + width + 2)}-> ${hint}`);
  }
}
