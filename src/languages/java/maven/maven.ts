/** Pure: an app of Maven's, as the room reads it. */
import type { Origin } from "../../../protocol/planned-action.ts";
import type { SourceTree } from "../../../source/source-tree.ts";
import { childOf, type XmlNode } from "../../xml-file.ts";
import { distributionOf, MAVEN } from "../app/distribution.ts";
import { frameworkOf } from "../app/frameworks.ts";
import { mainClasses } from "../app/main-class.ts";
import type { JavaModule, JavaProject } from "../app/project.ts";
import { majorOf } from "../app/versions.ts";
import {
  below,
  configurationsOf,
  dependenciesOf,
  filledIn,
  type MavenModule,
  POM,
  pluginsOf,
  propertyOf,
  type Reactor,
  readReactor,
} from "./reactor.ts";

/** @throws NuaError (input) for files that Maven could not read */
export function readMaven(tree: SourceTree): JavaProject | null {
  const reactor = readReactor(tree);
  if (reactor === null) return null;
  const distribution = distributionOf(tree, MAVEN, POM);
  const { pom } = reactor.modules[0]!;
  const modules = reactor.modules
    .filter((one) => one.pom.packaging !== "pom")
    .map((one) => moduleOf(tree, one));
  const isNew = Number(distribution.version.split(".")[0]) >= 4;
  return {
    ...{ tool: "maven", file: POM, distribution, modules },
    minimum: minimumOf(reactor),
    named: null,
    limits: isNew ? [{ range: ">=17", from: distribution.from }] : [],
    description: {
      name: pom.artifactId,
      ...given("version", filledIn(pom.version || pom.parent?.version || "", [pom])),
      ...given("description", pom.description.split("\n")[0]!.trim()),
      ...given("license", pom.license),
      ...given("homepage", /^https?:\/\/\S+$/.test(pom.url) ? pom.url : ""),
    },
    warnings: [...distribution.warnings, ...reactor.warnings, ...downloads(reactor)],
    decisions: repositoriesOf(reactor),
    reads: [".mvn", ...pomFiles(reactor)],
  };
}

// --- internal ---

/** Those of parents, too, which need be no modules. */
function pomFiles({ modules }: Reactor): string[] {
  const all = modules.flatMap(({ pom, parents }) => [pom, ...parents]);
  return [...new Set(all.map(({ file }) => file))];
}

function given<Key extends string>(key: Key, value: string): Partial<Record<Key, string>> {
  return value === "" || value.includes("${") ? {} : ({ [key]: value } as Record<Key, string>);
}

function moduleOf(tree: SourceTree, module: MavenModule): JavaModule {
  const { folder, pom, parents } = module;
  const poms = [pom, ...parents];
  const plugins = pluginsOf(module);
  const named = dependenciesOf(module).map(
    ({ groupId, artifactId }) => `${filledIn(groupId, poms)}:${filledIn(artifactId, poms)}`,
  );
  const used = new Set(plugins.map(({ artifactId }) => artifactId));
  const framework = frameworkOf([...named, ...used]);
  const mains = mainClasses(tree, folder);
  const told = mainClassOf(module);
  const isBoot = framework === "spring" && used.has("spring-boot-maven-plugin");
  const isPackaged =
    (isBoot && (mains.length > 0 || told !== null)) ||
    (framework === "quarkus" && used.has("quarkus-maven-plugin")) ||
    (framework === "micronaut" && used.has("micronaut-maven-plugin"));
  return {
    ...{ folder, name: pom.artifactId, file: pom.file, framework },
    isRunnable: isPackaged || told !== null || mains.length > 0,
    packaging: filledIn(pom.packaging, poms),
    mainClass: isPackaged || hasWholeJar(plugins) ? null : (told ?? mains[0]?.name ?? null),
    dependencies: new Set(named),
    isKotlin: mains[0]?.file.endsWith(".kt") === true,
  };
}

/** What plugins are told to start. */
function mainClassOf(module: MavenModule): string | null {
  const poms = [module.pom, ...module.parents];
  const paths = [
    ...MANIFESTS.map((plugin) => [plugin, ["archive", "manifest", "mainClass"]] as const),
    ...PLAIN.map((plugin) => [plugin, ["mainClass"]] as const),
  ];
  const found = [
    ...paths.flatMap(([plugin, path]) =>
      configurationsOf(module, plugin).flatMap((one) => childOf(one, ...path)?.text ?? []),
    ),
    ...["exec.mainClass", "start-class", "mainClass", "main.class"].flatMap(
      (name) => propertyOf(module, name)?.value ?? [],
    ),
    ...configurationsOf(module, "maven-shade-plugin").flatMap(shadeMain),
  ];
  const names = found.map((text) => filledIn(text, poms)).filter((text) => CLASS.test(text));
  return names[0] ?? null;
}

const CLASS = /^[A-Za-z_$][\w$]*(?:\.[\w$]+)*$/;
const MANIFESTS = ["maven-jar-plugin", "maven-assembly-plugin"];
const PLAIN = ["spring-boot-maven-plugin", "exec-maven-plugin", "appassembler-maven-plugin"];

function shadeMain(node: XmlNode): string[] {
  if (node.name === "mainClass") return [node.text];
  return node.children.flatMap(shadeMain);
}

/** Whether a plugin puts all that is depended on into one jar. */
function hasWholeJar(plugins: ReturnType<typeof pluginsOf>): boolean {
  return plugins.some(
    ({ artifactId }) =>
      artifactId === "maven-shade-plugin" || artifactId === "maven-assembly-plugin",
  );
}

/** The highest that any module is compiled for. */
function minimumOf({ modules }: Reactor): JavaProject["minimum"] {
  const all = modules.flatMap((module) => {
    const found = levelOf(module);
    return found === null ? [] : [found];
  });
  return all.reduce<JavaProject["minimum"]>(
    (best, one) => (best === null || one.version > best.version ? one : best),
    null,
  );
}

/** The first that there is: what the compiler is told, then what stands for it. */
const LEVELS = [
  ...["maven.compiler.release", "maven.compiler.source", "maven.compiler.target"],
  ...["java.version", "jdk.version", "javaVersion", "release.version"],
];

function levelOf(module: MavenModule): { version: number; from: Origin } | null {
  const poms = [module.pom, ...module.parents];
  for (const name of LEVELS) {
    const found = propertyOf(module, name);
    const version = found === null ? null : majorOf(found.value);
    if (version !== null)
      return {
        version: withRelease(name, version),
        from: { what: found!.file, line: found!.line },
      };
  }
  for (const configuration of configurationsOf(module, "maven-compiler-plugin")) {
    for (const name of ["release", "source", "target"]) {
      const node = childOf(configuration, name);
      const version = node === undefined ? null : majorOf(filledIn(node.text, poms));
      if (version === null) continue;
      const { file } = poms.find(({ plugins, managed }) =>
        [...plugins, ...managed].some((one) => one.configurations.includes(configuration)),
      )!;
      return { version: withRelease(name, version), from: { what: file, line: node!.line } };
    }
  }
  return null;
}

/** Java 8 does not know that option. */
function withRelease(name: string, version: number): number {
  return name.endsWith("release") ? Math.max(version, 9) : version;
}

/** Plugins that fetch programs of their own, wherever those are. */
function downloads({ modules }: Reactor): string[] {
  const all = modules.flatMap(({ pom }) =>
    pom.plugins.map((plugin) => ({ ...plugin, file: pom.file })),
  );
  const found = all.find(({ artifactId }) => artifactId === "frontend-maven-plugin");
  if (found === undefined) return [];
  return [
    `${found.file}:${found.line}: frontend-maven-plugin fetches Node.js itself, from nodejs.org: no mirror of npm's stands in for that`,
  ];
}

function repositoriesOf({ modules }: Reactor): JavaProject["decisions"] {
  const all = modules.flatMap(({ pom }) =>
    pom.repositories.map(({ url, line }) => ({ url, from: { what: pom.file, line } })),
  );
  const others = all.filter(
    ({ url }) =>
      /^https?:\/\/[\w.-]+(?:[/:]|$)/.test(url) &&
      !/\/\/(?:repo1?\.maven\.(?:apache\.)?org)\//.test(url),
  );
  const once = others.filter(({ url }, at) => others.findIndex((one) => one.url === url) === at);
  return once
    .slice(0, 10)
    .map(({ url, from }) => ({ what: `reads ${url.replace(/\/\/[^/@]*@/, "//")} as well`, from }));
}

/** For messages and commands: the folder of a module, as Maven takes it. */
export function projectPath({ folder }: Pick<JavaModule, "folder">): string {
  return folder === "" ? "." : below(folder, "").replace(/\/$/, "");
}
