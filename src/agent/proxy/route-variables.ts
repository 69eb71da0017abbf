/** What tells an agent that a command of a build calls that the build's proxy leads it. */
export const ROUTE_VARIABLES = {
  /** Its address. */
  proxy: "NUA_AGENT_PROXY",
  /** A file in PEM. */
  certificates: "NUA_AGENT_CA",
  /** 1 when it answers from what was kept. */
  sealed: "NUA_AGENT_SEALED",
};
