/** Expands planned commands to those that the executor runs. Pure. */

import { type Command, warn } from "../../protocol/command.ts";
import type { PlannedCommand } from "../../protocol/planned-action.ts";
import type { Facts } from "../facts.ts";
import { fixOwners, makeFolders, mergeFolders, placeContext } from "./context.ts";
import { cleanPackages, installPackages } from "./packages.ts";
import { runCommands } from "./run.ts";
import { unpackSource } from "./source.ts";
import { startScript, writeMetadata } from "./start.ts";

/** To be asked just before it is done: then it sees what earlier commands have made. */
export function commandsOf(planned: PlannedCommand, facts: Facts): Command[] {
  if ("needs" in planned && planned.needs && !hasProgram(planned.needs.program, facts)) {
    return [warn(planned.needs.otherwise)];
  }
  switch (planned.kind) {
    case "run":
      return runCommands(planned, facts);
    case "warn":
      return [warn(planned.text)];
    case "place-context":
      return placeContext(facts);
    case "make-folders":
      return makeFolders(planned, facts);
    case "install-packages":
      return installPackages(planned, facts);
    case "clean-packages":
      return cleanPackages(facts);
    case "unpack-source":
      return unpackSource(planned, facts);
    case "merge-folders":
      return mergeFolders(facts);
    case "start-script":
      return startScript(planned, facts);
    case "write-file": {
      const { path, text, mode } = planned;
      return [{ kind: "write", path, text, mode }];
    }
    case "metadata":
      return writeMetadata(planned, facts);
    case "fix-owners":
      return fixOwners();
  }
}

// --- internal ---

function hasProgram(name: string, { tree }: Facts): boolean {
  return ["/usr/local/bin", "/usr/bin"].some((folder) => tree.exists(`${folder}/${name}`));
}
