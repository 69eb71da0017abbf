/** Pure: frameworks of Java's: what tells of them, what their builds make, and where they listen. */

export type Framework = "spring" | "quarkus" | "micronaut" | "ktor" | "other";

export interface FrameworkFacts {
  /** The variable that says the port, where that is not PORT. */
  portVariable: string | null;
  /** Where it listens if nothing says otherwise; null where that is the app's own affair. */
  port: number | null;
  /** Keys of the app's settings that say the port. */
  portKeys: readonly string[];
}

/** Source: "Common application properties"; quarkus.io, "HTTP reference"; Micronaut, "Running on a specific port". */
export const FRAMEWORKS: Readonly<Record<Framework, FrameworkFacts>> = {
  spring: { portVariable: "SERVER_PORT", port: 8080, portKeys: ["server.port"] },
  quarkus: { portVariable: "QUARKUS_HTTP_PORT", port: 8080, portKeys: ["quarkus.http.port"] },
  micronaut: {
    ...{ portVariable: "MICRONAUT_SERVER_PORT", port: 8080 },
    portKeys: ["micronaut.server.port"],
  },
  ktor: { portVariable: null, port: null, portKeys: ["ktor.deployment.port"] },
  other: { portVariable: null, port: null, portKeys: ["server.port", "http.port"] },
};

/** @param names of plugins, and of artifacts as GROUP:NAME */
export function frameworkOf(names: Iterable<string>): Framework {
  const all = [...names];
  return RULES.find(([, pattern]) => all.some((name) => pattern.test(name)))?.[0] ?? "other";
}

/** Whether it serves pages, as far as what it depends on tells. */
export function isServer(framework: Framework, dependencies: ReadonlySet<string>): boolean {
  if (framework === "other" || framework === "ktor") return false;
  return framework !== "spring" || [...dependencies].some((name) => SPRING_SERVERS.test(name));
}

// --- internal ---

const RULES: readonly [Framework, RegExp][] = [
  ["quarkus", /^(?:io\.quarkus|com\.redhat\.quarkus\.platform)(?:$|[:.])|quarkus-maven-plugin$/],
  ["micronaut", /^io\.micronaut[.:\w-]*|micronaut-maven-plugin$/],
  ["spring", /^org\.springframework\.boot(?:$|[:.])|spring-boot-maven-plugin$/],
  ["ktor", /^io\.ktor/],
];

const SPRING_SERVERS =
  /spring-boot-starter-(?:web|webmvc|webflux|websocket|jersey|graphql|actuator|tomcat|jetty|undertow|reactor-netty|hateoas|data-rest|thymeleaf|web-services|oauth2-authorization-server)\b|vaadin-spring-boot|spring-cloud-starter-(?:gateway|netflix-eureka-server)|spring-cloud-config-server/;
