/** How apps of Java's are built and started. */
import { describe, expect, test } from "bun:test";
import { nativePackages } from "../../../../src/languages/java/native-packages.ts";
import { readProject } from "../../../../src/languages/java/read-project.ts";
import { findParts, planParts } from "../../../../src/plan/parts.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";
import { NO_WORK } from "../../agent/facts.ts";
import {
  BOOT_PLUGIN,
  BOOT_WEB,
  dependency,
  type Files,
  GRADLE_WRAPPER,
  MAIN,
  MAIN_FILE,
  modules,
  pom,
  wrapper,
} from "./apps.ts";

const BUILT_WITH = { languages: ["python", "java", "jdk"], leftOut: ["jdk"] };

function partsOf(
  files: Files,
  work: Partial<typeof NO_WORK> = {},
  place: "here" | "pruned" = "here",
) {
  const tree = memoryTree(files);
  const input = { work: { ...NO_WORK, ...work }, tree, foundBuildScript: null };
  return planParts(findParts(input), { ...input, builtWith: BUILT_WITH, versions: {}, place });
}

const planOf = (...args: Parameters<typeof partsOf>) =>
  partsOf(...args).find(({ language }) => language.name === "java")!.plan;

/** The command that builds, and the words of the one that gathers what it made. */
function built(files: Files, work: Partial<typeof NO_WORK> = {}): string[] {
  const [empty, build, gather] = planOf(files, work).build.map((one) =>
    one.kind === "run" ? one.argv : [],
  );
  // What an earlier build has left in the app's folder is none of this one's.
  const results = gather!.find((word) => /^(?:.*\/)?(?:target|build)$/.test(word));
  expect(empty).toEqual(expect.arrayContaining(["rm", "-rf", ...(results ? [results] : [])]));
  return [build!.join(" "), gather!.slice(2).join(" ")];
}

const MVN =
  "mvn --batch-mode --no-transfer-progress -DskipTests -Dproject.build.outputTimestamp=1980-01-01T00:00:02Z";
const COPY =
  "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies -DincludeScope=runtime -DoutputDirectory=target/nua-libraries";
const GRADLE = "gradle --no-daemon --console=plain";

const SHADE =
  "<build><plugins><plugin><artifactId>maven-shade-plugin</artifactId></plugin></plugins></build>";
const QUARKUS =
  "<build><plugins><plugin><groupId>io.quarkus</groupId><artifactId>quarkus-maven-plugin</artifactId></plugin></plugins></build>";

const gradle = (script: string, more: Files = {}): Files => ({
  ...{ "settings.gradle": 'rootProject.name = "shop"\n', [GRADLE_WRAPPER]: wrapper("8.14") },
  ...{ "build.gradle": script, [MAIN_FILE]: MAIN },
  ...more,
});

describe("is built", () => {
  test.each<[string, Files, [string, string]]>([
    [
      "an app of Spring Boot's",
      { "pom.xml": pom("shop", BOOT_WEB), [MAIN_FILE]: MAIN },
      [`${MVN} package`, "dist shop - target"],
    ],
    [
      "an app of Quarkus'",
      { "pom.xml": pom("shop", QUARKUS) },
      [`${MVN} package`, "dist shop - target"],
    ],
    [
      "one with a class that starts, and its libraries beside",
      { "pom.xml": pom("shop"), [MAIN_FILE]: MAIN },
      [`${MVN} package ${COPY}`, "dist shop com.example.Shop target"],
    ],
    [
      "one whose jar has all in it",
      { "pom.xml": pom("shop", SHADE), [MAIN_FILE]: MAIN },
      [`${MVN} package`, "dist shop - target"],
    ],
    [
      "the module that is started, with those that it needs",
      {
        ...{ "pom.xml": pom("all", modules("core", "web")), "core/pom.xml": pom("core") },
        ...{ "web/pom.xml": pom("shop-web", BOOT_WEB), [`web/${MAIN_FILE}`]: MAIN },
      },
      [`${MVN} --projects web --also-make package`, "dist shop-web - web/target"],
    ],
    [
      "by an older Maven, which knows less",
      {
        ...{ "pom.xml": pom("shop", BOOT_WEB), [MAIN_FILE]: MAIN },
        ".mvn/wrapper/maven-wrapper.properties":
          "distributionUrl=https://repo.maven.apache.org/maven2/org/apache/maven/apache-maven/3.5.4/apache-maven-3.5.4-bin.zip\n",
      },
      [`${MVN.replace(" --no-transfer-progress", "")} package`, "dist shop - target"],
    ],
    [
      "a jar of Spring Boot's by Gradle",
      gradle("plugins { id 'java'; id 'org.springframework.boot' version '3.5.7' }\n"),
      [`${GRADLE} :bootJar`, "dist shop - build build/libs"],
    ],
    [
      "what Gradle's plugin application makes",
      gradle("plugins {\n  application\n}\n"),
      [`${GRADLE} :installDist`, "dist shop - build/install"],
    ],
    [
      "a project below, by an alias of the catalog",
      {
        "settings.gradle.kts": 'rootProject.name = "shop"\ninclude(":apps:web", "lib")\n',
        "gradle/libs.versions.toml":
          '[plugins]\nboot-app = { id = "org.springframework.boot", version = "3.5.7" }\n',
        [GRADLE_WRAPPER]: wrapper("8.14"),
        "apps/web/build.gradle.kts": "plugins {\n  alias(libs.plugins.boot.app)\n}\n",
        [`apps/web/${MAIN_FILE}`]: MAIN,
        "lib/build.gradle.kts": "plugins { `java-library` }\n",
      },
      [`${GRADLE} :apps:web:bootJar`, "dist web - apps/web/build apps/web/build/libs"],
    ],
    [
      "a plain jar of Gradle's, and its libraries beside",
      gradle("plugins {\n  id 'java'\n}\n"),
      [`${GRADLE} :jar :nuaLibraries`, "dist shop com.example.Shop build build/libs"],
    ],
  ])("%s", (_, files, expected) => {
    expect(built(files)).toEqual(expected);
  });

  test("the module that build.app names", () => {
    const files = {
      ...{ "pom.xml": pom("all", modules("a", "b")), [`a/${MAIN_FILE}`]: MAIN },
      ...{ "a/pom.xml": pom("app-a", BOOT_WEB), "b/pom.xml": pom("app-b", BOOT_WEB) },
      [`b/${MAIN_FILE}`]: MAIN,
    };
    expect(built(files, { app: "app-b" })[0]).toContain("--projects b ");
    expect(built(files, { app: "b" })[0]).toContain("--projects b ");
    expect(built(files, { rendered: { id: "app-b" } })[0]).toContain("--projects b ");
    expect(planOf(files).warnings).toContain(
      "several modules can be started: a, b; a is; build.app names another",
    );
  });

  test("the wrapper's own program is never run", () => {
    const files = gradle("plugins { id 'application' }\n", { gradlew: "#!/bin/sh\nevil\n" });
    const { install, build } = planOf(files);
    const text = JSON.stringify([install, build]);
    expect(text).not.toContain("gradlew");
    expect(text).toContain("https://services.gradle.org/distributions/gradle-8.14-bin.zip");
  });
});

test("what the wrapper has a checksum of is fetched, and nothing else in its place", () => {
  const fetched = (text: string) => {
    const [fetch] = planOf(
      gradle("plugins { id 'application' }\n", { [GRADLE_WRAPPER]: text }),
    ).install;
    return fetch?.kind === "run" ? fetch.argv.slice(-2) : [];
  };
  const all = wrapper("8.14").replace("-bin", "-all");
  const at = "https://services.gradle.org/distributions/gradle-8.14";
  const sum = "ab".repeat(32);
  expect(fetched(all)).toEqual([`${at}-bin.zip`, "-"]);
  expect(fetched(`${all}distributionSha256Sum=${sum}\n`)).toEqual([
    `${at}-all.zip`,
    `sha256:${sum}`,
  ]);
});

test("libraries have a layer of their own, and nothing that stood for the app is left", () => {
  const files = { "pom.xml": pom("shop", BOOT_WEB), [MAIN_FILE]: MAIN };
  const { install, prune } = planOf(files, {}, "pruned");
  const lines = install.map((one) => (one.kind === "run" ? one.argv.at(-1)! : ""));
  expect(lines[1]).toStartWith("mkdir -p src/main/java; echo");
  expect(lines[2]).toEndWith("package --fail-never --quiet || true");
  expect(lines[3]).toContain("rm -rf src/main/java/NuaStub.java target");
  expect(prune).toHaveLength(1);
});

describe("the layer of libraries reads", () => {
  const readsOf = (files: Files) => readProject(memoryTree(files))!.reads;
  const child = (name: string, path: string) =>
    `<parent><groupId>com.example</groupId><artifactId>${name}</artifactId><version>1.0</version><relativePath>${path}</relativePath></parent>`;

  test("parents that are no modules", () => {
    const files = {
      ...{
        "pom.xml": pom("all", modules("web")),
        "web/pom.xml": pom("web", child("base", "../build/base")),
      },
      "build/base/pom.xml": pom("base", child("root", "../root.xml")),
      "build/root.xml": pom("root"),
    };
    expect(readsOf(files)).toEqual([
      ...[".mvn", "pom.xml", "web/pom.xml", "build/base/pom.xml", "build/root.xml"],
    ]);
  });

  test("builds that are a part of Gradle's", () => {
    const settings =
      'pluginManagement {\n  includeBuild("gradle/plugins")\n}\nincludeBuild \'conventions\'\nincludeBuild("../other")\n';
    const reads = readsOf(
      gradle("plugins { id 'application' }\n", { "settings.gradle": settings }),
    );
    expect(reads).toEqual(expect.arrayContaining(["gradle/plugins", "conventions"]));
    expect(reads).not.toContain("../other");
  });
});

describe("the folder of what is started is another one", () => {
  const files = { "pom.xml": pom("shop", BOOT_WEB), [MAIN_FILE]: MAIN };
  test.each<[string, Files]>([
    ["where the app has one of that name", { "dist/index.html": "" }],
    [
      "where a front end may build into it",
      { "package.json": '{"scripts": {"build": "vite build"}}' },
    ],
  ])("%s", (_, more) => {
    const { start, build, install, prune } = planOf({ ...files, ...more }, {}, "pruned");
    expect(start?.line).toEndWith("-jar dist-java/app.jar");
    const all = JSON.stringify([install, build, prune]);
    expect(all).toContain("! -name dist-java -exec");
    expect(all).not.toMatch(/[\s"]dist[\s";]/);
  });
});

describe("is started", () => {
  const java = "java -XX:MaxRAMPercentage=75 -XX:+ExitOnOutOfMemoryError -jar dist";
  const boot = (settings: Files): Files => ({
    ...{ "pom.xml": pom("shop", BOOT_WEB), [MAIN_FILE]: MAIN },
    ...settings,
  });
  test.each<[string, Files, string, number | undefined]>([
    [
      "Spring Boot",
      boot({}),
      `SERVER_PORT="\${SERVER_PORT:-\${PORT:-8080}}" ${java}/app.jar`,
      8080,
    ],
    [
      "at the port of its properties",
      boot({ "src/main/resources/application.properties": `server.port = \${PORT:8081}\n` }),
      `SERVER_PORT="\${SERVER_PORT:-\${PORT:-8081}}" ${java}/app.jar`,
      8081,
    ],
    [
      "at the port of its YAML",
      boot({
        "src/main/resources/application.yml":
          "spring:\n  x: 1\nserver:\n  # its port\n  port: 9090\n",
      }),
      `SERVER_PORT="\${SERVER_PORT:-\${PORT:-9090}}" ${java}/app.jar`,
      9090,
    ],
    [
      "one that serves nothing",
      { "pom.xml": pom("shop", BOOT_PLUGIN), [MAIN_FILE]: MAIN },
      `${java}/app.jar`,
      undefined,
    ],
    [
      "Quarkus",
      { "pom.xml": pom("shop", QUARKUS) },
      `QUARKUS_HTTP_PORT="\${QUARKUS_HTTP_PORT:-\${PORT:-8080}}" ${java}/quarkus-run.jar`,
      8080,
    ],
    [
      "one whose sources read PORT",
      {
        "pom.xml": pom("shop"),
        [MAIN_FILE]: `${MAIN}// Integer.parseInt(System.getenv().getOrDefault("PORT", "7000"))\n`,
      },
      `${java}/app.jar`,
      7000,
    ],
    [
      "a war of Spring Boot's",
      boot({ "pom.xml": pom("shop", `<packaging>war</packaging>${BOOT_WEB}`) }),
      `SERVER_PORT="\${SERVER_PORT:-\${PORT:-8080}}" ${java}/app.war`,
      8080,
    ],
    ["a script of Gradle's", gradle("plugins { id 'application' }\n"), "dist/bin/shop", undefined],
  ])("%s", (_, files, line, port) => {
    const { start } = planOf(files);
    expect(start?.line).toBe(line);
    expect(start?.port).toBe(port!);
  });

  test("a function of Kotlin's", () => {
    const files = {
      "pom.xml": pom("shop"),
      "src/main/kotlin/app.kt": "package a.b\n\nfun main() {}\n",
    };
    expect(built(files)[1]).toBe("dist shop a.b.AppKt target");
  });
});

test("what draws gets fonts, whether a library or a source of the app's does", () => {
  const needs = (files: Files) => {
    const tree = memoryTree(files);
    const project = readProject(tree)!;
    return nativePackages(tree, project, project.modules[0]!).flatMap(({ names }) => names);
  };
  expect(needs({ "pom.xml": pom("shop", dependency("org.apache.pdfbox", "pdfbox")) })).toContain(
    "fontconfig",
  );
  expect(
    needs({ "pom.xml": pom("shop"), [MAIN_FILE]: `import java.awt.Font;\n${MAIN}` }),
  ).toContain("fontconfig");
  expect(needs({ "pom.xml": pom("shop"), [MAIN_FILE]: MAIN })).toEqual([]);
});

test("a module with the name of a front end is one", () => {
  const parent =
    "<parent><groupId>com.example</groupId><artifactId>all</artifactId><version>1-SNAPSHOT</version></parent>";
  const files = {
    ...{ "pom.xml": pom("all", modules("web")), [`web/${MAIN_FILE}`]: MAIN },
    "web/pom.xml": pom("web", `${parent}${BOOT_WEB}`),
  };
  expect(partsOf(files).map(({ language, dir }) => [language.name, dir])).toEqual([["java", ""]]);
});

test("beside another language, what cannot be started is for its developers", () => {
  const names = (files: Files) => partsOf(files).map(({ language }) => language.name);
  expect(names({ "pom.xml": pom("tools"), "requirements.txt": "flask\n" })).toEqual(["python"]);
  const script = '{"scripts": {"start": "node server.js"}}';
  expect(names({ "pom.xml": pom("tools"), "package.json": script })).toEqual(["node"]);
  expect(
    names({ "pom.xml": pom("shop", BOOT_WEB), [MAIN_FILE]: MAIN, "requirements.txt": "x\n" }),
  ).toContain("java");
});
