/** Pure: the configuration -> the agent's orders. */
import type { AppConfig } from "../config/schema.ts";
import {
  AGENT_INPUT_VERSION,
  type AgentInput,
  type ConfiguredCommand,
  type SourcePlan,
} from "../shared/agent-input.ts";
import { nuaTag } from "./names.ts";

/** @param rendered metadata overlaid by build, braces formatted */
export function planAgentInput(config: AppConfig, rendered: Record<string, unknown>): AgentInput {
  const build = config.build ?? {};
  const run = config.run ?? {};
  const connectors = (config.provider ?? []).flatMap(({ connector }) => listOf(connector));
  const metaPackages = new Set([...connectors, ...listOf(build["meta-packages"])]);
  return {
    version: AGENT_INPUT_VERSION,
    app: { id: config.metadata.id, tag: nuaTag(config.metadata) },
    source: planSource(config),
    packages: {
      build: [...new Set(listOf(build.packages))],
      run: [...new Set(listOf(run.packages))].sort(),
    },
    metaPackages: [...metaPackages].sort(),
    beforeBuild: commands("build.before-build", build["before-build"]),
    pipInstall: commands("build.pip-install", build["pip-install"]).map(({ line, from }) => ({
      item: line,
      from,
    })),
    build: commands("build.build", rendered.build ?? build.build),
    buildScript: build["build-script"] ?? null,
    buildAsRoot: build["build-as-root"] ?? false,
    test: commands("build.test", build.test),
    beforeRun: commands("run.before-run", run["before-run"]),
    start: commands("run.start", run.start),
    startScript: run["start-script"] ?? null,
    documentRoot: build["document-root"] ?? null,
    rendered,
  };
}

// --- internal ---

function planSource(_config: AppConfig): SourcePlan {
  return { kind: "local", dir: "." };
}

function listOf(value: unknown): string[] {
  const items = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  return items.map(String).filter((item) => item !== "");
}

function commands(key: string, value: unknown): ConfiguredCommand[] {
  return listOf(value).map((line, index) => ({
    line,
    from: Array.isArray(value) ? `${key}[${index}]` : key,
  }));
}
