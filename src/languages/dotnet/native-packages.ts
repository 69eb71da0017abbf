/** Pure: Debian packages that an app of .NET's needs: by its packages, and by how it is published. */
import type { RequestedPackages } from "../language.ts";
import { type DotnetApp, reachedFrom } from "./app.ts";
import { NATIVE_NEEDS } from "./native-needs.ts";
import { isSelfContained } from "./pins.ts";
import type { Project } from "./project.ts";

export interface NativePackages {
  build: string[];
  run: RequestedPackages[];
}

export function nativePackages(app: DotnetApp, project: Project): NativePackages {
  const packages = reachedFrom(app, project).flatMap((one) => one.packages);
  const run = NATIVE_NEEDS.flatMap(({ packages: pattern, run: names }) => {
    const found = packages.find(({ include }) => pattern.test(include));
    if (found === undefined) return [];
    const { file, line } = found;
    return [{ names, from: { what: file, line } }];
  });
  const own = isSelfContained(project) ? [ownNeeds(project)].flat() : [];
  return { build: project.properties.is("PublishAot") ? AOT : [], run: [...own, ...run] };
}

// --- internal ---

/** What links a program that has no more of .NET. Source: learn.microsoft.com, "Native AOT deployment". */
const AOT = ["clang", "zlib1g-dev"];

/** What images with .NET have of the distribution's. Source: dotnet/core, "Linux package dependencies". */
function ownNeeds({ properties, file }: Project): RequestedPackages[] {
  const icu = properties.is("InvariantGlobalization")
    ? []
    : ["libicu72|libicu76|libicu74|libicu70|libicu67"];
  const names = [...icu, "libssl3|libssl3t64", "libstdc++6", "zlib1g", "tzdata"];
  const from = ["SelfContained", "PublishSelfContained", "PublishAot", "PublishTrimmed"]
    .filter((name) => properties.is(name))
    .flatMap((name) => properties.from(name) ?? [])
    .map((place) => ({ what: place.file, line: place.line }))[0];
  return [{ names, from: from ?? { what: file } }];
}
