/** Pure: chooses the Dockerfile: the default one, or the package's own. */
import type { AppConfig } from "../config/schema.ts";
import { NuaError } from "../lib/errors.ts";
import type { Decide } from "./decision.ts";
import type { PlanInput } from "./plan-input.ts";

export interface DockerfilePlan {
  /** `default` is ours, `package` the app's own, `wrap` only adds to an existing image. */
  kind: "default" | "package" | "wrap";
  /** The package's own Dockerfile, relative to the app's folder; otherwise null. */
  file: string | null;
  /** A HEALTHCHECK instruction to append, or null. */
  healthcheck: string | null;
}

/** A Dockerfile for Nua takes its base from this argument. */
const NUA_ARGUMENT = /^[ \t]*ARG\s+nua_builder_tag\b/im;

export function planDockerfile(input: PlanInput, decide: Decide): DockerfilePlan {
  const { config, facts } = input;
  const healthcheck = healthcheckInstruction(config.healthcheck);
  if (resolveMethod(input) === "wrap") {
    const named = config.build?.method ? "build.method" : "build.base-image";
    decide("method wrap", named, ["build", named.slice("build.".length)]);
    return { kind: "wrap", file: null, healthcheck };
  }
  const own = facts.dockerfiles["nua/Dockerfile"];
  if (own !== undefined) {
    decide("Dockerfile of the package", "nua/Dockerfile exists");
    return { kind: "package", file: "nua/Dockerfile", healthcheck };
  }
  // A project's own Dockerfile is about something else, unless it asks for a Nua base.
  if (NUA_ARGUMENT.test(facts.dockerfiles.Dockerfile ?? "")) {
    decide("Dockerfile of the package", "Dockerfile takes ARG nua_builder_tag");
    return { kind: "package", file: "Dockerfile", healthcheck };
  }
  if (config.build?.["default-files"] === false) {
    throw new NuaError(
      "config",
      'Find "nua/Dockerfile": there is none, and default-files is false',
      {
        hint: "add nua/Dockerfile to the package, or leave build.default-files out",
      },
    );
  }
  decide("Dockerfile of nua-build", "the package has no nua/Dockerfile");
  return { kind: "default", file: null, healthcheck };
}

// --- internal ---

function resolveMethod({ config, fields: { baseImage } }: PlanInput): "build" | "wrap" {
  const method = config.build?.method || (baseImage ? "wrap" : config.build?.["default-method"]);
  // Wrap without an image is an error of the configuration, and told before.
  return method === "wrap" && baseImage ? "wrap" : "build";
}

/** Seconds, as in the configuration; Docker's own defaults where it is silent. */
function healthcheckInstruction(check: AppConfig["healthcheck"]): string | null {
  if (!check) return null;
  const options = [
    ["--interval", check.interval, "s"],
    ["--start-period", check["start-period"], "s"],
    ["--timeout", check.timeout, "s"],
    ["--retries", check.retries, ""],
  ] as const;
  const words = options.flatMap(([flag, value, unit]) =>
    value === undefined || value === null ? [] : [`${flag}=${value}${unit}`],
  );
  return `HEALTHCHECK ${words.join(" ")} CMD ${JSON.stringify(["/bin/sh", "-c", check.command])}`;
}
