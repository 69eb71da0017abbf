/** What agents in other containers ask a proxy for, beside what the build reads. */

/** A name that only the proxy answers: to agents that are in another container than it is. */
export const CONTROL = {
  host: "nua.invalid",
  /** GET: a list of MissingExchange, as JSON. */
  missing: "http://nua.invalid/missing",
  /** PUT: the body says what is asked for from now on. */
  wantedBy: "http://nua.invalid/wanted-by",
};
