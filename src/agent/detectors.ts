/** Every way to install an app, in order. */
import type { Facts } from "./action.ts";
import type { Detector } from "./detector.ts";
import { nodeDetector } from "./detectors/node.ts";
import { pythonDetector } from "./detectors/python.ts";
import { rubyDetector } from "./detectors/ruby.ts";
import { wheelsDetector } from "./detectors/wheels.ts";

/**
 * All that apply are run, since many apps are a Python server with a front end. Node is first:
 * what it builds may be part of a Python package, while it needs nothing of the app's Python.
 * The wheels detector only applies where the Python one does not.
 */
export const DETECTORS: readonly Detector[] = [
  nodeDetector,
  rubyDetector,
  pythonDetector,
  wheelsDetector,
];

/** Those that apply to the app. */
export function detectAll(facts: Facts): Detector[] {
  return DETECTORS.filter((detector) => detector.detect(facts) !== null);
}
