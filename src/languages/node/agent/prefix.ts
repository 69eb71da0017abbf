/** Where Node.js is in an image: below it bin/node, include/node and lib/node_modules. */
export const NODE_PREFIX = "/usr/local";
