/** Environment variables by which a nested agent finds the proxy. */
export const ROUTE_VARIABLES = {
  /** What came as a build argument; empty where the build's own proxy leads. */
  networkSettings: "NUA_AGENT_NETWORK_SETTINGS",
  /** The address of the build's own proxy. */
  proxy: "NUA_AGENT_PROXY",
  /** A file in PEM. */
  certificates: "NUA_AGENT_CA",
  /** Set where what is read may be older than it says that it is valid. */
  ignoresDates: "NUA_AGENT_IGNORE_DATES",
};
