/** Maven Central, Gradle's plugins, and the distributions of Gradle. */
import { publicUrl } from "../lib/secrets.ts";
import { TOOLS } from "../protocol/layout.ts";
import type { Address } from "./address.ts";
import { type Item, indexItem } from "./item.ts";
import { gradleInit, gradleProperties, mavenSettings } from "./maven-settings.ts";
import { mirrored } from "./mirror.ts";
import { encode, qualifiers } from "./package-url.ts";
import { defineRegistry } from "./registry.ts";
import { trustStore } from "./trust-store.ts";
import { anyVersion, hasBelow, IN_CONFIG, type WantedRule } from "./wanted-line.ts";

export const MAVEN_CENTRAL = [
  "https://repo.maven.apache.org/maven2/",
  "https://repo1.maven.org/maven2/",
] as const;

const GRADLE_PLUGINS = "https://plugins.gradle.org/m2/";
const GRADLE_DISTRIBUTIONS = "https://services.gradle.org/distributions/";

export const maven = defineRegistry({
  kind: "maven",
  settings: [
    {
      ...{ name: "mavenMirror", variable: "NUA_MAVEN_MIRROR", key: "maven.mirror" },
      about: "Address of a mirror of Maven Central",
      holds: "address",
      check: { name: "Maven mirror", path: "org/apache/maven/apache-maven/maven-metadata.xml" },
    },
    {
      ...{ name: "gradlePlugins", variable: "NUA_GRADLE_PLUGINS", key: "gradle.plugins" },
      about: "Address of a mirror of Gradle's plugins",
      holds: "address",
    },
    {
      ...{ name: "gradleMirror", variable: "NUA_GRADLE_MIRROR", key: "gradle.mirror" },
      about: "Address of a copy of Gradle's distributions",
      holds: "address",
    },
  ],

  /** "Apache-Maven/3.9.11", "Gradle/8.14.3", "Java/17.0.16". */
  agents: { "apache-maven": "maven", gradle: "gradle", java: "java" },

  caches: [
    { name: "maven", isShared: false },
    { name: "gradle", isShared: false },
  ],

  clients({ settings, folder, certificates, caches, image }) {
    const place = `${folder}/java`;
    const { mavenMirror, gradleMirror } = settings;
    const pem = certificates === null ? undefined : image.read(certificates.all);
    const store = `${place}/trusted.jks`;
    const repository = caches.maven ?? `${TOOLS}/maven/repository`;
    return {
      env: {
        GRADLE_USER_HOME: caches.gradle ?? `${TOOLS}/gradle/user`,
        // One of a wrapper's own reads it, too. Source: Maven 3.9, "Environment variables".
        MAVEN_ARGS: `--global-settings=${place}/settings.xml`,
        ...(pem === undefined
          ? {}
          : {
              JAVA_TOOL_OPTIONS: `-Djavax.net.ssl.trustStore=${store} -Djavax.net.ssl.trustStoreType=JKS`,
            }),
        ...(mavenMirror === undefined
          ? {}
          : { NUA_MAVEN_MIRROR: mavenMirror, MVNW_REPOURL: publicUrl(mavenMirror) }),
        ...(gradleMirror === undefined ? {} : { NUA_GRADLE_MIRROR: gradleMirror }),
      },
      files: [
        { path: `${place}/settings.xml`, text: mavenSettings(settings, repository) },
        { path: `${place}/init.gradle`, text: gradleInit(settings) },
        { path: `${place}/gradle.properties`, text: gradleProperties(settings) },
        ...(pem === undefined ? [] : [{ path: store, text: trustStore(pem) }]),
      ],
    };
  },

  destinations({ url }, { mavenMirror, gradlePlugins, gradleMirror }) {
    return [
      ...mirrored(url, MAVEN_CENTRAL, mavenMirror),
      ...mirrored(url, [GRADLE_PLUGINS], gradlePlugins),
      ...mirrored(url, [GRADLE_DISTRIBUTIONS], gradleMirror),
    ];
  },

  identify: (address) => readDistribution(address) ?? readArtifact(address),

  /** Source: package-url, "maven": the group is its namespace. */
  packageUrl({ name, version, url }) {
    const [group = "", artifact = ""] = name.split(":");
    const file = url.split(/[?#]/)[0]!.split("/").at(-1) ?? "";
    const [, rest = "", type = ""] =
      new RegExp(
        `^${RegExp.escape(`${artifact}-${version}`)}(?:-([\\w.-]+?))?\\.(jar|war|zip|aar|module|pom)$`,
      ).exec(file) ?? [];
    const plain = type === "jar" ? "" : type;
    return `pkg:maven/${encode(group)}/${encode(artifact)}@${encode(version)}${qualifiers({ classifier: rest, type: plain })}`;
  },

  wanted: [
    { file: /^(gradle|buildscript-gradle)\.lockfile$/, find: findInLock },
    { file: /\.xml$/, find: findInPom },
    { file: /\.versions\.toml$|\.gradle(\.kts)?$/, find: findInGradle },
    { file: /\.gradle(\.kts)?$|\.versions\.toml$/, find: anyVersion(coordinateWords) },
    IN_CONFIG,
  ],
});

// --- internal ---

/** What is not the package, but tells of it. */
const BESIDE = /\.(pom|module|sha1|sha256|sha512|md5|asc)$/;

/**
 * GROUP/WITH/SLASHES/ARTIFACT/VERSION/ARTIFACT-VERSION[-CLASSIFIER].jar below any folder of a
 * repository; maven-metadata.xml tells which versions there are.
 */
function readArtifact({ segments, file, plain, client }: Address): Item | undefined {
  if (/^maven-metadata(-[\w.-]+)?\.xml(\.(sha1|sha256|sha512|md5))?$/.test(file))
    return indexItem(plain);
  const [version = "", artifact = ""] = [segments.at(-2), segments.at(-3)];
  if (segments.length < 4 || !/^[\w.-]+$/.test(version) || !/\d|SNAPSHOT/.test(version)) {
    return undefined;
  }
  const base = RegExp.escape(`${artifact}-${version.replace(/-SNAPSHOT$/, "")}`);
  const [, ending] =
    new RegExp(
      `^${base}(?:-[\\w.-]+?)?\\.(${ENDINGS})(?:\\.(?:sha1|sha256|sha512|md5|asc))?$`,
    ).exec(file) ?? [];
  if (ending === undefined) return undefined;
  // What others call their archives like that is none of a repository's.
  const isKnown =
    PLAIN.test(ending) || /^(maven|gradle|java)$/.test(client) || /\/maven2?\//.test(plain);
  if (!isKnown) return undefined;
  if (BESIDE.test(file)) return indexItem(plain);
  return { kind: "maven", name: `${groupOf(segments.slice(0, -3))}:${artifact}`, version };
}

const ENDINGS = "jar|war|aar|zip|tar\\.gz|exe|pom|module|klib";
const PLAIN = /^(jar|war|aar|pom|module|klib)$/;

/** What mirrors have before. */
const FOLDERS =
  /^(?:maven|m2|repositor|repo|content|groups?$|artifactory|nexus|public$|releases$|central)|proxy|mirror/i;

/** What most groups begin with: a domain, from its end. */
const DOMAINS = /^(?:com|org|net|io|dev|edu|gov|app|me|info|ai|[a-z]{2})$/;

function groupOf(segments: readonly string[]): string {
  const domain = segments.findIndex((one) => DOMAINS.test(one) && one !== "m2");
  const start = domain >= 0 ? domain : segments.findIndex((one) => !FOLDERS.test(one));
  return segments.slice(Math.max(start, 0)).join(".");
}

/** gradle-8.14.3-bin.zip, and its checksum. */
function readDistribution({ file, plain }: Address): Item | undefined {
  const [, version, sum] = /^gradle-(\d[\w.-]*?)-(?:bin|all)\.zip(\.sha256)?$/.exec(file) ?? [];
  if (version === undefined) return undefined;
  return sum === undefined
    ? { kind: "maven", name: "org.gradle:gradle", version }
    : indexItem(plain);
}

type Find = Parameters<WantedRule["find"]>;

/** `org.slf4j:slf4j-api:2.0.9=compileClasspath,runtimeClasspath` */
function findInLock(...[lines, { name }, version]: Find): number {
  return lines.findIndex((line) => {
    const coordinates = line.split("=")[0]!;
    return version === ""
      ? coordinates.startsWith(`${name}:`)
      : coordinates === `${name}:${version}`;
  });
}

/** `<artifactId>slf4j-api</artifactId>`, with its version soon after, if there is one. */
function findInPom(...[lines, { name }, version]: Find): number {
  const artifact = name.split(":")[1] ?? name;
  return lines.findIndex(
    (line, at) =>
      line.includes(`<artifactId>${artifact}</artifactId>`) &&
      (version === "" ||
        hasBelow(
          lines,
          at,
          version,
          /<version>([^<$]+)<\/version>/,
          /<\/(dependency|plugin|parent)>/,
        )),
  );
}

/** `implementation("org.slf4j:slf4j-api:2.0.9")` */
function findInGradle(...[lines, { name }, version]: Find): number {
  return version === "" ? -1 : lines.findIndex((line) => line.includes(`${name}:${version}`));
}

function coordinateWords(line: string): string[] {
  return [...line.matchAll(/["']([\w.-]+:[\w.-]+)(?::[^"']*)?["']/g)].map(([, name]) => name!);
}
