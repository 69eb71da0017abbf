/** Whether a package.json is of the app, or only of those who develop one in another language. Pure. */
import type { SourceTree } from "../../source/source-tree.ts";
import type { Beside } from "../language.ts";
import { type AppPackage, appPackage } from "./app/app-package.ts";
import { findEntry, isServer } from "./entry.ts";
import { documents } from "./frameworks/documents.ts";
import { findFramework } from "./frameworks/frameworks.ts";
import { isForDevelopment, packageOf } from "./programs.ts";
import { plainCommands } from "./script-line.ts";
import { type ScriptStep, stepsOfScript } from "./start-script.ts";

/**
 * Alone it always is. Beside another language it has to build something, to start something, or to
 * bring what a running app would load.
 * @throws NuaError (input) for a manifest that cannot be read
 */
export function isOfApp(tree: SourceTree, beside: Beside): boolean {
  const isPage = beside.languages.includes("static") && tree.has("index.html");
  if (othersOf(beside).length === 0 && !isPage) return true;
  const app = appPackage(tree, null);
  if (buildsSomething(app) || startsSomething(app)) return true;
  // What browsers load lies beside the page, or is built.
  if (othersOf(beside).length === 0) return startsAnything(app);
  return [...app.runtimeDependencies].some((name) => !isTool(name));
}

/** Whether Node only builds what another language serves: then no image needs it. */
export function isBuildOnly(app: AppPackage, beside: Beside): boolean {
  return othersOf(beside).length > 0 && !startsSomething(app);
}

/** Whether a package is for those who develop: it checks, formats, tests, releases or documents. */
export function isTool(name: string): boolean {
  return TOOLS.some((pattern) => pattern.test(name));
}

// --- internal ---

/** Itself, and those that serve or run what others have built. */
const NOT_BESIDE = new Set(["node", "static", "shell"]);

function othersOf({ languages }: Beside): string[] {
  return languages.filter((name) => !NOT_BESIDE.has(name));
}

const TOOLS: readonly RegExp[] = [
  /^(eslint|tslint|jshint|standard|xo|oxlint|stylelint|htmlhint|markdownlint|textlint|remark|alex|cspell|spectral|commitlint|biome|prettier|dprint|editorconfig|lintspaces)(-|$)/,
  /^@(eslint|typescript-eslint|biomejs|commitlint|stylistic|stoplight|redocly|cspell|secretlint|trivago)\//,
  /(^|\/)(eslint|stylelint|prettier|markdownlint|textlint|commitlint|semantic-release|remark|remark-lint)-(config|plugin|preset|rule|formatter|cli|lint)/,
  /^(husky|lint-staged|lefthook|yorkie|pre-commit|simple-git-hooks|is-ci|pinst|only-allow|nano-staged|git-cz|commitizen|cz-.*|all-contributors-cli)$/,
  /^(semantic-release|release-it|standard-version|commit-and-tag-version|auto-changelog|conventional-changelog.*|lerna|changesets|bumpp|np|auto|conventional-.*)$/,
  /^@(semantic-release|changesets|release-it|release-it-plugins|auto-it|conventional-.*)\//,
  /^(jest|mocha|chai|vitest|ava|tap|karma|jasmine|cypress|nightwatch|testcafe|pa11y|pa11y-ci|lighthouse|nyc|c8|sinon|supertest|backstopjs|newman|artillery|k6|bats)(-.*)?$/,
  /^@(playwright|testing-library|jest|vitest|cypress|wdio|axe-core|lhci)\//,
  /^(jsdoc|typedoc|esdoc|docsify|docsify-cli|markdown-toc|doctoc|mermaid-cli|widdershins|redoc-cli|jsdoc-to-markdown)$/,
  /^(vitepress.*|vuepress.*|hexo.*|storybook|docusaurus.*|antora)$/,
  /^@(docusaurus|vuepress|antora|storybook|11ty)\//,
  /^@(mermaid-js\/mermaid-cli|types\/.*|tsconfig\/.*|tailwindcss\/language-server)$/,
  /^(typescript|ts-node|tsx|nodemon|pyright|basedpyright|npm-check-updates|npm-run-all2?|concurrently|cross-env|rimraf|del-cli|shx|wireit|dotenv-cli|license-checker|depcheck|knip|madge|renovate|snyk|svgo|serverless|serverless-.*|aws-cdk|cdktf|pulumi|vercel|netlify-cli|wrangler|gh-pages|zx|turbo|nx|prettier.*|quicktype|swagger-cli|openapi-generator-cli)$/,
  /^@(openapitools\/openapi-generator-cli|devcontainers\/cli|apidevtools\/swagger-cli|actions\/.*|pulumi\/.*|serverless\/.*)$/,
];

/** A script of the name, unless it checks, packs or tests only, or builds documentation of tools. */
function buildsSomething(app: AppPackage): boolean {
  const line = app.manifest.scripts.build ?? "";
  if (line !== "" && !isHarmless(app, line)) return true;
  const framework = findFramework(app);
  return framework !== null && !documents.some(({ name }) => name === framework.name);
}

/** Scripts that only print or check, or call other languages' programs. */
function isHarmless(app: AppPackage, line: string): boolean {
  const commands = plainCommands(line);
  if (commands === null) return /^\s*echo\b/.test(line);
  return commands.every(({ words }) => {
    if (words[0] === "tsc") return words.includes("--noEmit");
    return !isOfNode(app, words[0]!) || isTool(words[0]!);
  });
}

/** A start script of Node's, a framework's server, or a file that is one. */
function startsSomething(app: AppPackage): boolean {
  const last = stepsOfScript(app, "start").at(-1);
  if (last !== undefined && isStart(app, last)) return true;
  if (findFramework(app)?.server !== undefined) return true;
  const entry = app.manifest.main === undefined ? null : findEntry(app);
  return entry?.by === "main" && isServer(app, entry.file);
}

/** Whether something is run that is not there for development only: by a script or a file. */
function startsAnything(app: AppPackage): boolean {
  const last = stepsOfScript(app, "start").at(-1);
  return last === undefined ? findEntry(app) !== null : !isForDevelopment(last.line);
}

/** What needs a shell may be anything. */
function isStart(app: AppPackage, { command, line }: ScriptStep): boolean {
  if (command === null) return true;
  const program = command.words[0]!;
  return isOfNode(app, program) && !isTool(program) && !isForDevelopment(line);
}

/** Whether a program is Node's, a manager's, or of a package: other languages have theirs. */
function isOfNode({ dependencies }: AppPackage, program: string): boolean {
  if (/^(node|npm|npx|yarn|pnpm|pnpx|bun|bunx)$/.test(program)) return true;
  const owner = packageOf(program, dependencies);
  return owner !== null && dependencies.has(owner);
}
