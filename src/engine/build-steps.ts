/** Parses a builder's output: which steps were run, and which came from the cache. */

export interface BuildStep {
  /** Name of the stage, where the builder tells one. */
  stage: string | null;
  /** The instruction. */
  text: string;
  isReused: boolean;
}

export interface BuildStepWatcher {
  onLine(line: string): void;
  /** So far, in the order of the output. */
  steps(): BuildStep[];
}

/**
 * Reads the plain progress of BuildKit (`#7 [app 2/2] RUN …`, `#7 CACHED`), and what the legacy
 * builder and buildah print (`Step 2/3 : RUN …`, `---> Using cache`).
 */
export function watchBuildSteps(): BuildStepWatcher {
  const found = new Map<string, BuildStep>();
  let last: BuildStep | undefined;
  return {
    onLine(line) {
      const vertex = VERTEX.exec(line);
      if (vertex) {
        const [, id = "", stage = null, text = ""] = vertex;
        if (!found.has(id)) found.set(id, { stage, text, isReused: false });
        return;
      }
      const cached = found.get(CACHED.exec(line)?.[1] ?? "");
      if (cached) cached.isReused = true;
      const numbered = NUMBERED.exec(line);
      if (numbered) {
        last = { stage: null, text: numbered[2] ?? "", isReused: false };
        found.set(`step ${numbered[1]}`, last);
      } else if (USING_CACHE.test(line) && last) {
        last.isReused = true;
      }
    },
    steps: () => [...found.values()],
  };
}

// --- internal ---

const VERTEX = /^#(\d+) \[(?:([^\]\s]+) )?\s*\d+\/\d+\] (.+)$/;
const CACHED = /^#(\d+) CACHED/;
const NUMBERED = /^STEP (\d+\/\d+)\s*: (.+)$/i;
const USING_CACHE = /^\s*-+> Using cache/;
