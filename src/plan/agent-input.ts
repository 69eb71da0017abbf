/** Pure: the configuration -> the agent's orders. */
import type { FormattedFields } from "../config/rendered.ts";
import type { AppConfig, BuildSection, RunSection } from "../config/schema.ts";
import {
  AGENT_INPUT_VERSION,
  type AgentInput,
  type ConfiguredCommand,
  type SourcePlan,
} from "../shared/agent-input.ts";
import { nuaTag } from "./names.ts";

/** @param formatted what braces stand for, and the fields in which they were formatted */
export function planAgentInput(
  config: AppConfig,
  formatted: { rendered: Record<string, unknown>; fields: FormattedFields },
): AgentInput {
  const { rendered, fields } = formatted;
  const build: BuildSection = config.build ?? {};
  const run: RunSection = config.run ?? {};
  const connectors = (config.provider ?? []).flatMap(({ connector }) => listOf(connector));
  const metaPackages = new Set([...connectors, ...listOf(build["meta-packages"])]);
  return {
    version: AGENT_INPUT_VERSION,
    app: { id: config.metadata.id, tag: nuaTag(config.metadata) },
    source: planSource(fields),
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
    build: commands("build.build", Array.isArray(build.build) ? fields.build : fields.build[0]),
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

/** build.project is a folder of the app's own. */
function planSource({ project }: FormattedFields): SourcePlan {
  return { kind: "local", dir: project === "" ? "." : project };
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
