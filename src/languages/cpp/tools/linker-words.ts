/** Pure: libraries that lines of a build name as the linker and pkg-config have them. */
import { type CppProject, LIMITS } from "../app/project.ts";

/** `-lssl`: names of libraries as the linker has them. */
export function addLibraries(
  { needs }: CppProject,
  { text, file }: { text: string; file: string },
): void {
  const seen = new Set(needs.map(({ name }) => name));
  for (const [index, one] of text.split("\n").entries()) {
    for (const [, name] of one.matchAll(/(?:^|[\s"'=])-l([a-z][\w+.-]{0,60})/g)) {
      if (seen.has(name!) || needs.length >= LIMITS.found) continue;
      seen.add(name!);
      needs.push({ name: name!.toLowerCase(), from: { what: file, line: index + 1 } });
    }
    const [, module] = /\bpkg-config\b[^\n]*?\s([a-z][\w+.-]{1,60})\s*(?:[`)"]|$)/.exec(one) ?? [];
    if (module === undefined || seen.has(module)) continue;
    seen.add(module);
    needs.push({ name: module.toLowerCase(), from: { what: file, line: index + 1 } });
  }
}
