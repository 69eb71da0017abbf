/** The script that packs a repository, as a text. */
import script from "./pack-repository.sh" with { type: "text" };

export const PACK_SCRIPT: string = script;
