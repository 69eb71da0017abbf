/** The contract of a build tool: what the rest of the room reads of an app, whichever builds it. */
import type { Origin } from "../../../protocol/planned-action.ts";
import type { AppDescription, LanguageDecision } from "../../language.ts";
import type { Distribution } from "./distribution.ts";
import type { Framework } from "./frameworks.ts";

export interface JavaProject {
  tool: "maven" | "gradle";
  /** What says so: pom.xml, build.gradle, … */
  file: string;
  distribution: Distribution;
  modules: JavaModule[];
  /** The oldest Java that its sources can be compiled by; null where nothing says. */
  minimum: { version: number; from: Origin } | null;
  /** The one that its files name, and no other. */
  named: { range: string; from: Origin } | null;
  /** What its build tool itself runs with. */
  limits: { range: string; from: Origin }[];
  description: AppDescription | null;
  warnings: string[];
  decisions: LanguageDecision[];
  /** What an installation of what it depends on reads; of a folder all that is in it. */
  reads: string[];
}

export interface JavaModule {
  /** Relative to the app's source; "" is its top. */
  folder: string;
  name: string;
  file: string;
  framework: Framework;
  /** Whether its build makes something that can be started, as far as its own files say. */
  isRunnable: boolean;
  /** `war` where it makes one. */
  packaging: string;
  /** The class that is started; null where a plugin or the jar says it. */
  mainClass: string | null;
  /** Whether what it starts is written in Kotlin. */
  isKotlin: boolean;
  /** Whether its build makes a script that starts it. */
  isScript?: true;
  /** As Gradle calls it: `:a:b`; empty for the top. */
  path?: string;
  /** What Gradle makes it with. */
  task?: string;
  /** Artifacts that it depends on, as GROUP:NAME, as far as its own files say. */
  dependencies: ReadonlySet<string>;
}

export function isBelow(path: string, folder: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}
