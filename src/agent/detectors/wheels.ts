/** *.whl. */
import type { Facts } from "../action.ts";
import type { Detector } from "../detector.ts";
import { pipInstall } from "../pip.ts";
import { pythonDetector } from "./python.ts";

/** Wheels beside the configuration, with no project that would be built instead. */
export const wheelsDetector: Detector = {
  name: "wheels",
  installsPython: true,
  detect: (facts) =>
    pythonDetector.detect(facts) === null ? (findWheels(facts)[0] ?? null) : null,
  packages: () => [],
  commands: (facts) => [
    pipInstall(
      facts,
      findWheels(facts).map((name) => `./${name}`),
      { cwd: facts.source, from: "*.whl" },
    ),
  ],
};

// --- internal ---

function findWheels({ tree, source }: Facts): string[] {
  return tree.list(source).filter((name) => name.endsWith(".whl"));
}
