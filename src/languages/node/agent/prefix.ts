/** Where Node is in an image. */

/** Below it bin/node, include/node and lib/node_modules. */
export const NODE_PREFIX = "/usr/local";
