/** YAML with its positions: few apps have a file that this is asked about. */
import { lazily } from "./lazily.ts";

export const yaml = lazily<typeof import("yaml")>(() => require("yaml"));
