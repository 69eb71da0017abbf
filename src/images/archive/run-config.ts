/** The runtime part of an image config: command, environment, labels, …. */

/** How a container is run: without what is empty, its keys in the order of the alphabet. */
export function pickRunConfig(config: Readonly<Record<string, unknown>>): unknown {
  return sortKeys(pickDefined(config, RUN_KEYS));
}

/** Those of the keys that say something. */
export function pickDefined(
  values: Readonly<Record<string, unknown>>,
  keys: readonly string[],
): object {
  const said = keys
    .map((key) => [key, values[key]] as const)
    .filter(([, value]) => !isEmpty(value));
  return Object.fromEntries(said);
}

/** The same value, the keys of its objects in the order of the alphabet. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, sortKeys(inner)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

// --- internal ---

/**
 * How a container is run (OCI Image Format Specification, "Image Configuration", and Docker
 * Image Specification v1.2). What is left out describes the container that built the image.
 */
const RUN_KEYS = [
  ...["Cmd", "Entrypoint", "Env", "ExposedPorts", "Healthcheck", "Labels", "OnBuild"],
  ...["Shell", "StopSignal", "StopTimeout", "User", "Volumes", "WorkingDir"],
];

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === "" ||
    (typeof value === "object" && Object.keys(value).length === 0)
  );
}
