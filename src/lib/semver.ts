/** Semantic versions and their ranges: hardly any command gets as far as to need them. */
import { lazily } from "./lazily.ts";

export const semver = lazily<typeof import("semver")>(() => require("semver"));
