/**
 * .NET: what runs apps that serve, what runs others, and the SDK, which builds them and is in no
 * image. An SDK has numbers of its own, beside those of the runtime that it brings.
 */
import type { Installer } from "../installer.ts";
import type { Runtime } from "../runtime.ts";
import type { Product } from "./agent/releases.ts";
import { distributionOf, rulesOf } from "./versions.ts";

/** With ASP.NET Core. */
export const aspnetRuntime = runtime("aspnet", "aspnetcore/Runtime");

export const plainRuntime = runtime("dotnetruntime", "Runtime");

export const sdkRuntime: Runtime = { ...runtime("dotnet", "Sdk"), onlyBuilds: true };

// --- internal ---

function runtime(language: string, product: Product): Runtime {
  return {
    language,
    versions: [],
    rules: rulesOf(product),
    distribution: distributionOf(product),
    // Without an SDK of its own, what is named builds with that of the same series.
    ...(product === "Sdk" ? {} : { buildsWith: "dotnet" }),
    base: {
      dockerfile: "dotnet/base.Dockerfile",
      argument: `${language}_version`,
      versionFile: `/nua/${language}_version`,
      installer: installerOf(language, product),
    },
  };
}

function installerOf(language: string, product: Product): Installer {
  return {
    word: `install-${language}`,
    folder: { flag: "--root", fallback: "/" },
    example: product === "Sdk" ? "8.0.404" : "8.0",
    load: async () => {
      const { installProduct } = await import("./agent/install-dotnet.ts");
      return { install: (request, tools) => installProduct(product, request, tools) };
    },
  };
}
