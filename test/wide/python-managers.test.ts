/** Locks of Python's managers, on a machine without a network. */
import { afterAll, describe } from "bun:test";
import { LOCKS, PYTHON_APPS } from "../helpers/python-locks.ts";
import { describeSealed } from "../helpers/sealed.ts";
import { indexSettings, startSite } from "../helpers/site.ts";

const site = startSite();
afterAll(() => site[Symbol.dispose]());

describe("without a network", () => {
  describeSealed(Object.keys(LOCKS), PYTHON_APPS, (client) => indexSettings(client, site));
});
