/** Whether a package is an app: something that is started or served. Pure. */
import type { AppPackage } from "./app/app-package.ts";
import { findFramework } from "./frameworks/frameworks.ts";
import { isForDevelopment } from "./programs.ts";
import { stepsOfScript } from "./start-script.ts";

/** In the order in which they count; those for production only where "start" is none. */
export const START_SCRIPTS: readonly string[] = [
  ...["start", "start:prod", "start:production", "start-prod", "production", "prod", "serve:prod"],
  ...["start:server", "start:web", "server:prod"],
];

/** By a script or by a framework; files that are called like servers are in libraries as well. */
export function isStartable(app: AppPackage): boolean {
  const starts = START_SCRIPTS.some((name) => {
    const last = stepsOfScript(app, name).at(-1);
    return last !== undefined && !isForDevelopment(last.line);
  });
  if (starts) return true;
  const framework = findFramework(app);
  return framework?.server !== undefined || framework?.site !== undefined;
}
