/** Pure: the configuration -> the agent's orders. */
import type { FormattedFields } from "../config/rendered.ts";
import type { AppConfig, BuildSection, RunSection } from "../config/schema.ts";
import {
  AGENT_INPUT_VERSION,
  type AgentInput,
  type ConfiguredCommand,
  type SourcePlan,
} from "../protocol/agent-input.ts";
import type { NamedSource } from "../source/named-source.ts";
import { nameSource } from "./name-source.ts";
import { nuaTag } from "./names.ts";
import type { FolderFacts } from "./plan-input.ts";

/** @param formatted what braces stand for, and the fields in which they were formatted */
export function planAgentInput(
  config: AppConfig,
  formatted: {
    rendered: Record<string, unknown>;
    fields: FormattedFields;
    facts: Pick<FolderFacts, "sourceFolder">;
  },
): AgentInput {
  const { rendered, fields, facts } = formatted;
  const build: BuildSection = config.build ?? {};
  const run: RunSection = config.run ?? {};
  const connectors = (config.provider ?? []).flatMap(({ connector }) => listOf(connector));
  const providerPackages = (config.provider ?? []).flatMap(({ packages }) => listOf(packages));
  const metaPackages = new Set([...connectors, ...listOf(build["meta-packages"])]);
  return {
    version: AGENT_INPUT_VERSION,
    layer: "all",
    dependencies: "here",
    app: { id: config.metadata.id, tag: nuaTag(config.metadata) },
    source: planSource(nameSource(config, fields, facts.sourceFolder)),
    packages: {
      build: [...new Set(listOf(build.packages))],
      run: [...new Set([...listOf(run.packages), ...providerPackages])].sort(),
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

/** As the agent gets it: a git revision has become an archive before. */
function planSource(source: NamedSource): SourcePlan {
  if (source.kind === "folder") return { kind: "local", dir: source.dir };
  const { url, dir } = source;
  const sha256 = source.kind === "archive" ? source.sha256 : null;
  return { kind: "archive", url, sha256, dir };
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
