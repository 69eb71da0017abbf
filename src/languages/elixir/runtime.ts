/** Elixir, with the Erlang/OTP beside it; both of the Linux base. Nothing runs with it. */
import type { Runtime } from "../runtime.ts";
import { DISTRIBUTION_ELIXIR, elixirVersions } from "./versions.ts";

export const elixirRuntime: Runtime = {
  language: "elixir",
  versions: [],
  rules: elixirVersions,
  distribution: DISTRIBUTION_ELIXIR,
  packaged: "only",
  onlyBuilds: true,
  base: {
    dockerfile: "elixir/base.Dockerfile",
    argument: "elixir_version",
    versionFile: "/nua/elixir_version",
  },
};
