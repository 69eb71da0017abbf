/** The ordered list of frameworks. */
import type { AppPackage } from "../app/app-package.ts";
import { angular } from "./angular.ts";
import { astro } from "./astro.ts";
import { createReactApp, expo, others, parcel, rsbuild, vueCli } from "./bundlers.ts";
import { documents } from "./documents.ts";
import type { Framework, FrameworkOutput } from "./framework.ts";
import { next } from "./next.ts";
import { nitro, nuxt } from "./nitro.ts";
import { nx } from "./nx.ts";
import { reactRouter, remix } from "./react-router.ts";
import { adonis, nest, startedByProgram } from "./servers.ts";
import { svelteKit } from "./svelte-kit.ts";
import { tanstackStart } from "./tanstack.ts";
import { vite } from "./vite.ts";

/**
 * The first that says something of an app counts: those that build servers and pages before those
 * that they are built by, such as Vite, and those with a server of their own before sites. Nx may
 * build any of them, to another place.
 */
export const FRAMEWORKS: readonly Framework[] = [
  ...[nx, next, nuxt, reactRouter, remix, svelteKit, astro, tanstackStart, nitro, angular],
  ...[adonis, nest, ...startedByProgram, expo, ...documents],
  ...[createReactApp, vueCli, rsbuild, ...others, vite, parcel],
];

export interface FoundFramework extends FrameworkOutput {
  name: string;
}

/** The framework of an app, and what it makes of it. */
export function findFramework(app: AppPackage): FoundFramework | null {
  for (const { name, read } of FRAMEWORKS) {
    const output = read(app);
    if (output !== null) return { name, ...output };
  }
  return null;
}
