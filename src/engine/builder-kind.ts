/**
 * The kinds of builders: BuildKit by buildx, BuildKit in old clients, the legacy builder, buildah.
 * Pure: what plans needs no engine.
 */

/**
 * How images are built:
 * - `buildx`: the client's plugin, with the BuildKit of the engine
 * - `embedded`: the BuildKit client inside docker clients before 23
 * - `legacy`: the engine's old builder, for newer clients without the plugin
 * - `buildah`: podman's own
 */
export type BuilderKind = "buildx" | "embedded" | "legacy" | "buildah";

/**
 * Whether a step may be made from what is mounted into it. buildah mounts as well, but takes the
 * step from its cache although what was mounted has changed (buildah issues 5400 and 6609).
 */
export function mountsFaithfully(builder: BuilderKind): boolean {
  return builder === "buildx" || builder === "embedded";
}
