/** Pure: the configuration -> the agent's orders. */
import type { FormattedFields } from "../config/rendered.ts";
import type { AppConfig, BuildSection, RunSection } from "../config/schema.ts";
import {
  AGENT_INPUT_VERSION,
  type AgentInput,
  type ConfiguredCommand,
  type SourcePlan,
} from "../protocol/agent-input.ts";
import type { FolderFacts } from "./build-plan.ts";
import { nuaTag } from "./names.ts";

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
    source: planSource(config, fields, facts),
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

/** The first of src-url, project and git-url, as upstream has it; else all of the app's folder. */
function planSource(
  { metadata, build }: AppConfig,
  { srcUrl, gitUrl, gitBranch, project }: FormattedFields,
  { sourceFolder }: Pick<FolderFacts, "sourceFolder">,
): SourcePlan {
  if (srcUrl !== "") {
    if (sourceFolder !== null) return { kind: "local", dir: sourceFolder };
    const sha256 = build?.["src-checksum"] ?? null;
    return { kind: "archive", url: srcUrl, sha256, dir: metadata.id };
  }
  if (/^https?:\/\//.test(project)) {
    return { kind: "archive", url: project, sha256: null, dir: metadata.id };
  }
  if (project !== "") return { kind: "local", dir: project };
  if (gitUrl === "") return { kind: "local", dir: "." };
  return { kind: "git", url: gitUrl, branch: gitBranch, dir: repositoryName(gitUrl) };
}

/** The folder that `git clone` would make. */
function repositoryName(url: string): string {
  const last =
    url
      .replace(/[?#].*$/, "")
      .replace(/\/+$/, "")
      .split(/[/:]/)
      .at(-1) ?? "";
  const name = last.replace(/\.git$/, "");
  return name === "" || name === "." || name === ".." ? "source" : name;
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
