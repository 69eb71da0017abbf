/** Pure: addresses of git repositories, as manifests and locks have them, for pip. */

/** As pip has it: `git+https://host/repository@revision#subdirectory=folder`. */
export function gitUrl(source: {
  git?: string | undefined;
  rev?: string | undefined;
  tag?: string | undefined;
  branch?: string | undefined;
  subdirectory?: string | undefined;
}): string | undefined {
  const { git, rev, tag, branch, subdirectory } = source;
  if (git === undefined) return undefined;
  const at = rev ?? tag ?? branch;
  const address = /^[\w.-]+@[\w.-]+:/.test(git) ? `ssh://${git.replace(":", "/")}` : git;
  const folder = subdirectory === undefined ? "" : `#subdirectory=${subdirectory}`;
  return `git+${address.replace(/^git\+/, "")}${at === undefined ? "" : `@${at}`}${folder}`;
}
