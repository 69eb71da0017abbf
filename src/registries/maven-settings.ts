/**
 * Pure: what points Maven and Gradle to mirrors and proxies. Passwords stand in files that are gone
 * with the build, and on no command line.
 */
import { takeCredentials } from "../lib/secrets.ts";
import type { NetworkSettings } from "../protocol/network-settings.ts";

/** Source: maven.apache.org, "Settings Reference". */
export function mavenSettings(settings: NetworkSettings, repository: string): string {
  const { mavenMirror, noProxy = "" } = settings;
  const mirror = mavenMirror === undefined ? undefined : withLogin(mavenMirror);
  const proxies = proxiesOf(settings).map(({ scheme, host, port, name, password }) =>
    element("proxy", [
      ...[element("id", [`nua-${scheme}`]), element("active", ["true"])],
      ...[element("protocol", [scheme]), element("host", [escaped(host)])],
      element("port", [port]),
      ...(name === undefined
        ? []
        : [element("username", [escaped(name)]), element("password", [escaped(password ?? "")])]),
      element("nonProxyHosts", [escaped(hostPatterns(noProxy))]),
    ]),
  );
  const mirrors = [
    ...(mirror === undefined
      ? []
      : [
          element("mirror", [
            ...[element("id", ["nua-central"]), element("mirrorOf", ["central"])],
            element("url", [escaped(mirror.url)]),
          ]),
        ]),
    // As Maven's own has it, since 3.8.1: what comes by plain HTTP anybody could have changed.
    element("mirror", [
      ...[element("id", ["maven-default-http-blocker"]), element("mirrorOf", ["external:http:*"])],
      ...[element("url", ["http://0.0.0.0/"]), element("blocked", ["true"])],
    ]),
  ];
  const servers =
    mirror?.name === undefined
      ? []
      : [
          element("server", [
            element("id", ["nua-central"]),
            ...[element("username", [escaped(mirror.name)])],
            element("password", [escaped(mirror.password ?? "")]),
          ]),
        ];
  return `<settings>${[
    element("localRepository", [escaped(repository)]),
    element("interactiveMode", ["false"]),
    element("proxies", proxies),
    element("servers", servers),
    element("mirrors", mirrors),
  ].join("")}</settings>\n`;
}

/** Source: docs.gradle.org, "Initialization Scripts". */
export function gradleInit({ mavenMirror, gradlePlugins }: NetworkSettings): string {
  const rows = [
    ...(mavenMirror === undefined ? [] : [...CENTRAL.map((from) => [from, mavenMirror] as const)]),
    ...(gradlePlugins === undefined
      ? []
      : [["https://plugins.gradle.org/m2", gradlePlugins] as const]),
  ];
  const entries = rows.map(([from, to]) => {
    const { url, name = "", password = "" } = withLogin(to);
    return `  [${[from, url, name, password].map(groovy).join(", ")}],`;
  });
  return [
    "def nuaMirrors = [",
    ...entries,
    "]",
    "def nuaRedirect = { handler ->",
    "  handler.all { repository ->",
    "    if (!(repository instanceof org.gradle.api.artifacts.repositories.MavenArtifactRepository)) return",
    "    def address = repository.url.toString().replaceAll('/+$', '')",
    "    def mirror = nuaMirrors.find { it[0] == address }",
    "    if (mirror == null) return",
    "    repository.setUrl(mirror[1])",
    "    if (mirror[1].startsWith('http:') && repository.hasProperty('allowInsecureProtocol')) repository.allowInsecureProtocol = true",
    "    if (mirror[2] != '') repository.credentials { username = mirror[2]; password = mirror[3] }",
    "  }",
    "}",
    "if (!nuaMirrors.isEmpty()) {",
    "  if (gradle.respondsTo('beforeSettings')) {",
    "    gradle.beforeSettings { settings ->",
    "      nuaRedirect(settings.pluginManagement.repositories)",
    "      if (settings.hasProperty('dependencyResolutionManagement')) nuaRedirect(settings.dependencyResolutionManagement.repositories)",
    "    }",
    "  }",
    "  gradle.allprojects { project ->",
    "    nuaRedirect(project.buildscript.repositories)",
    "    nuaRedirect(project.repositories)",
    "  }",
    "}",
    "gradle.allprojects { project ->",
    "  // Two builds make the same file.",
    "  project.tasks.withType(org.gradle.api.tasks.bundling.AbstractArchiveTask) {",
    "    preserveFileTimestamps = false",
    "    reproducibleFileOrder = true",
    "  }",
    "  // For an app whose jar has no libraries in it.",
    "  project.plugins.withId('java') {",
    "    project.tasks.create('nuaLibraries', org.gradle.api.tasks.Copy) {",
    "      from(project.sourceSets.main.runtimeClasspath.filter { it.name.endsWith('.jar') })",
    "      into(project.layout.buildDirectory.dir('nua-libraries'))",
    "    }",
    "  }",
    "}",
    "",
  ].join("\n");
}

/** Source: docs.gradle.org, "Accessing the web through a HTTP proxy". */
export function gradleProperties(settings: NetworkSettings): string {
  const patterns = hostPatterns(settings.noProxy ?? "");
  const lines = proxiesOf(settings).flatMap(({ scheme, host, port, name, password }) => {
    const key = `systemProp.${scheme}`;
    return [
      ...[`${key}.proxyHost=${host}`, `${key}.proxyPort=${port}`],
      ...(name === undefined
        ? []
        : [
            `${key}.proxyUser=${property(name)}`,
            `${key}.proxyPassword=${property(password ?? "")}`,
          ]),
      ...(patterns === "" ? [] : [`${key}.nonProxyHosts=${patterns}`]),
    ];
  });
  return `${["org.gradle.daemon=false", ...lines].join("\n")}\n`;
}

// --- internal ---

const CENTRAL = ["https://repo.maven.apache.org/maven2", "https://repo1.maven.org/maven2"];

interface Login {
  url: string;
  name?: string;
  password?: string;
}

function withLogin(address: string): Login {
  return takeCredentials(address) ?? { url: address };
}

interface JavaProxy {
  /** What is asked through it. */
  scheme: "http" | "https";
  host: string;
  port: string;
  name?: string;
  password?: string;
}

function proxiesOf({ httpProxy, httpsProxy }: NetworkSettings): JavaProxy[] {
  const given = [
    ["http", httpProxy],
    ["https", httpsProxy],
  ] as const;
  return given.flatMap(([scheme, address]) => {
    if (!address || !URL.canParse(address)) return [];
    const { url, name, password } = withLogin(address);
    const { hostname, port, protocol } = new URL(url);
    const usual = protocol === "https:" ? "443" : "80";
    const login = name === undefined ? {} : { name, password: password ?? "" };
    return [{ scheme, host: hostname, port: port || usual, ...login }];
  });
}

/** `.example.com` and `example.com` stand for all below as well. */
function hostPatterns(noProxy: string): string {
  const hosts = noProxy.split(/[\s,]+/).filter((host) => host !== "");
  return hosts
    .flatMap((host) => {
      const name = host.replace(/^\*?\./, "");
      return /^[\d.:]+$/.test(name) || name === "*" ? [name] : [name, `*.${name}`];
    })
    .join("|");
}

function element(name: string, children: readonly string[]): string {
  return `<${name}>${children.join("")}</${name}>`;
}

function escaped(text: string): string {
  return text.replace(/[<>&"']/g, (one) => `&#${one.charCodeAt(0)};`);
}

/** A text of Groovy's that nothing is filled into. */
function groovy(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&").replace(/[\r\n]/g, "")}'`;
}

function property(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/[\r\n]/g, "");
}
