/** Paths in an app's image. Scripts and Dockerfiles of packages rely on these paths. */

/** Home of user nua. */
export const NUA = "/nua";
/** The build context, and what the build makes of it. */
export const BUILD = "/nua/build";
export const APP = "/nua/app";
export const METADATA = "/nua/metadata";
export const SCRIPTS = "/nua/scripts";
/** Rendered to the same paths below "/" when a container starts. */
export const TEMPLATES = "/nua/templates";
export const VENV = "/nua/venv";
export const PYTHON = `${VENV}/bin/python`;

/** Where Debian's Python packages are, outside the virtual environment. */
export const DEBIAN_PYTHON_PACKAGES = "/usr/lib/python3/dist-packages";

/**
 * For files that go when the agent has done its work; user nua may write there. Not in /tmp, which
 * build commands like to empty. Always the same: what installs a package writes down where it has
 * found it, and two builds should make the same image.
 */
export const SCRATCH = "/var/tmp/nua-agent";

/** Programs that a stage fetches for those that are built upon it; in no layer. */
export const TOOLS = "/var/tmp/nua-tools";

/** The agent's own scripts, by their names, while it works. */
export const AGENT_SCRIPTS = `${SCRATCH}/scripts`;
