/** Apps of Java's for tests, as few lines as will do. */

export type Files = Record<string, string>;

/** A pom.xml with what is written between. */
export const pom = (name: string, more = ""): string =>
  `<project>\n<groupId>com.example</groupId>\n<artifactId>${name}</artifactId>\n<version>1.0</version>\n${more}\n</project>\n`;

export const BOOT_PLUGIN =
  "<build><plugins><plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>";

export const dependency = (group: string, name: string): string =>
  `<dependencies><dependency><groupId>${group}</groupId><artifactId>${name}</artifactId></dependency></dependencies>`;

export const BOOT_WEB = `${dependency("org.springframework.boot", "spring-boot-starter-web")}${BOOT_PLUGIN}`;

export const modules = (...names: string[]): string =>
  `<packaging>pom</packaging>\n<modules>\n${names.map((name) => `<module>${name}</module>\n`).join("")}</modules>`;

export const properties = (all: Record<string, string>): string =>
  `<properties>\n${Object.entries(all)
    .map(([name, value]) => `<${name}>${value}</${name}>\n`)
    .join("")}</properties>`;

export const MAIN =
  "package com.example;\n\npublic class Shop {\n  public static void main(String[] args) {}\n}\n";

export const MAIN_FILE = "src/main/java/com/example/Shop.java";

export const GRADLE_WRAPPER = "gradle/wrapper/gradle-wrapper.properties";

export const wrapper = (version: string, more = ""): string =>
  `distributionUrl=https\\://services.gradle.org/distributions/gradle-${version}-bin.zip\n${more}`;
