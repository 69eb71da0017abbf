/** The text of pack-repository.sh. */
import script from "./pack-repository.sh" with { type: "text" };

export const PACK_SCRIPT: string = script;
