/** Whether a package is an app: something that is started or served. Pure. */
import type { AppPackage } from "./app/app-package.ts";
import { findFramework } from "./frameworks/frameworks.ts";
import { isForDevelopment } from "./programs.ts";
import { stepsOfScript } from "./start-script.ts";

/** By a script or by a framework; files that are called like servers are in libraries as well. */
export function isStartable(app: AppPackage): boolean {
  const last = stepsOfScript(app, "start").at(-1);
  if (last !== undefined && !isForDevelopment(last.line)) return true;
  const framework = findFramework(app);
  return framework?.server !== undefined || framework?.site !== undefined;
}
