/**
 * nua-config as one schema: the types, the checks, the JSON Schema and the descriptions come
 * from here. Keys are spelled with hyphens; see spelling.ts. Numbers and booleans where text is
 * expected, and text where a number is, are taken as upstream takes them.
 */
import * as v from "valibot";

/** Each of them may be an app of its own, which is planned with all of the main app's metadata. */
const MAX_PROVIDERS = 100;

// A description stands before the transformation: JSON Schema knows no more than the input.

const scalar = v.union([v.string(), v.number(), v.boolean()], "expected text");

const item = v.pipe(scalar, v.transform(String));

const text = (description: string) =>
  v.pipe(scalar, v.description(description), v.transform(String));

const texts = (description: string) =>
  v.pipe(
    v.union([item, v.array(item)], "expected text or a list of texts"),
    v.description(description),
  );

const byPlatform = (description: string) =>
  v.pipe(
    v.union([item, v.record(v.string(), item)], "expected text, or a table of texts by platform"),
    v.description(description),
  );

const count = (description: string, minimum = 1) =>
  v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.regex(/^[+-]?\d+$/)), v.boolean()]),
    v.description(description),
    v.transform((value) => Math.trunc(Number(value))),
    v.minValue(minimum, `expected a whole number of at least ${minimum}`),
    v.maxValue(Number.MAX_SAFE_INTEGER, "expected a smaller number"),
  );

const port = (description: string) =>
  v.pipe(count(description), v.maxValue(65535, "expected a port: 1 to 65535"));

const flag = (description: string) =>
  v.pipe(
    v.union([v.boolean(), v.picklist(["true", "false", "yes", "no", "on", "off"])]),
    v.description(description),
    v.transform((value) => value === true || ["true", "yes", "on"].includes(String(value))),
  );

const table = (description: string) =>
  v.pipe(v.record(v.string(), v.unknown(), "expected a table"), v.description(description));

const optional = <Schema extends v.GenericSchema>(schema: Schema) => v.nullish(schema);

const metadata = v.object({
  id: text("Name of the app, unique on a server; part of the image's tag"),
  version: text("Version of the app; part of the image's tag"),
  title: text("Name of the app for people"),
  author: text("Who made the app"),
  description: optional(text("What the app is")),
  tagline: optional(text("What the app is, in one line")),
  website: optional(text("Address of the app's web site")),
  tags: optional(
    v.pipe(v.array(item, "expected a list of texts"), v.description("Words to find it by")),
  ),
  profile: optional(texts("Profiles of servers that the app is for")),
  release: optional(count("Number of the packaging of this version; part of the image's tag")),
});

const build = v.object({
  license: v.optional(text("Licence of the app, as an SPDX expression"), "Proprietary"),
  "src-url": optional(
    byPlatform(
      "Address of an archive of the source, or of a release; may hold {version} and {arch}; or a table of addresses by platform, such as linux/amd64",
    ),
  ),
  "src-checksum": optional(
    byPlatform("SHA-256 of what is there, in hexadecimal; or a table of them by platform"),
  ),
  "git-url": optional(text("Address of a git repository of the source")),
  "git-branch": optional(text("Branch, tag or commit there")),
  "base-image": optional(text("Image to wrap, or that a provider runs")),
  method: optional(
    text(
      "build, prebuilt (a release with programs) or wrap; without it, wrap when base-image is given",
    ),
  ),
  project: optional(text("Folder of the source below the app's folder")),
  languages: optional(texts("Languages of the app, in place of those that its files tell")),
  app: optional(text("Member of a workspace, or folder, that is the app: its name or its path")),
  builder: optional(
    v.pipe(
      v.union([item, v.array(v.unknown()), v.record(v.string(), v.unknown())]),
      v.description("Runtimes of the app: node-20, python-3.12, {name, version}, or a list"),
    ),
  ),
  builders: optional(v.pipe(v.array(v.unknown()), v.description("The same as a list in builder"))),
  "linux-base": optional(text("Linux image that the app stands upon, such as debian:13")),
  packages: optional(texts("Debian packages for the build, removed again")),
  "meta-packages": optional(texts("psycopg2, postgres-client or mariadb-client")),
  build: optional(
    texts('Shell lines that build the app; "..." among them stands for those that are detected'),
  ),
  test: optional(
    texts(
      "Shell lines that check the built app, once all is removed that only the build needs; one that fails stops the build",
    ),
  ),
  "before-build": optional(texts("Shell lines before the build")),
  "pip-install": optional(texts("Requirements or globs of wheels for pip")),
  "build-script": optional(text("Script in place of build commands")),
  "build-as-root": optional(flag("Whether build commands run as root")),
  "document-root": optional(text("Folder that is made anew, empty, for user nua")),
  manifest: optional(texts("Files and folders of the app to take, in place of all")),
  "default-files": optional(flag("Whether files of nua-build stand in for missing ones")),
  "default-method": optional(text("Method where none is given")),
});

const run = v.object({
  packages: optional(texts("Debian packages that stay in the image")),
  start: optional(texts("Shell lines that start the app, as user nua; the last one stays")),
  "before-run": optional(texts("Shell lines before the start, each time")),
  "start-script": optional(text("Python script that starts the app")),
  static: optional(text("Folder that is served as a web site, as it is after the build")),
  port: optional(port("Port that the app listens on: the variable PORT in its container")),
  "post-run": optional(texts("Commands that the orchestrator runs in the started container")),
  "post-run-status": optional(text("Status of the container to wait for before post-run")),
});

const selector = v.union(
  [port("A port"), table("A selector")],
  "expected a port or a table such as {key = …}",
);

const portEntry = v.object({
  container: v.pipe(selector, v.description("Port that the app listens on")),
  host: optional(v.pipe(selector, v.description("Port on the host; without it, a free one"))),
  proxy: optional(v.pipe(selector, v.description("Port that the proxy publishes"))),
  protocol: optional(text("tcp or udp")),
  ssl: optional(flag("Whether the proxy speaks TLS")),
});

const ports = v.pipe(v.record(v.string(), portEntry), v.description("Ports, by name"));

const backup = v.pipe(
  v.object({
    method: text("tgz_volumes, pg_dump, mysqldump or mongodump"),
    frequency: optional(text("How often, such as 24h")),
    options: optional(table("Options of the method")),
  }),
  v.description("How the data is saved"),
);

const volume = v.object({
  name: optional(text("Name of the volume")),
  type: optional(text("managed, directory or tmpfs")),
  driver: optional(text("Driver of the volume")),
  target: text("Folder in the container"),
  prefix: optional(text("Prefix of the volume's name")),
  options: optional(table("Options of the driver, as they are")),
  backup: optional(backup),
});

const volumes = v.pipe(v.array(volume), v.description("Folders that outlive the container"));

const healthcheck = v.pipe(
  v.object({
    command: text("Shell line that ends with 0 when the app is well"),
    interval: count("Seconds between two checks"),
    "start-period": optional(count("Seconds that the app may take to start")),
    timeout: optional(count("Seconds that a check may take")),
    retries: optional(count("Failures in a row that count as unwell", 0)),
  }),
  v.description("How to see that the app is well"),
);

const env = table("Environment variables: text, or a selector such as {from = …, key = …}");
const docker = table("Arguments of docker run, with their Python names");

const provider = v.object({
  name: text("Name of the provider, and its host name"),
  "module-name": optional(text("postgres, mariadb, mongo, redis-cache or sqlite")),
  "module-version": optional(text("Versions that will do, such as >=14,<15")),
  "module-versions": optional(
    v.pipe(
      v.array(table("A version and its image")),
      v.description("Versions of the module and their images, in place of its own"),
    ),
  ),
  type: optional(text("docker-image, volume, local or app")),
  service: optional(text("Service of the host, for type local")),
  network: optional(flag("Whether it needs a network of its own")),
  connector: optional(texts("Meta-packages that the app needs to reach it")),
  packages: optional(texts("Debian packages that the app needs to reach it")),
  build: optional(v.pipe(build, v.description("Its image; for type app, how that is built"))),
  run: optional(v.pipe(run, v.description("How it runs, for type app"))),
  env: optional(env),
  port: optional(ports),
  volume: optional(volumes),
  docker: optional(docker),
  backup: optional(backup),
});

export const configSchema = v.object({
  metadata: v.pipe(metadata, v.description("Who the app is")),
  build: optional(v.pipe(build, v.description("How the image is built"))),
  run: optional(v.pipe(run, v.description("How the app runs"))),
  env: optional(env),
  port: optional(ports),
  volume: optional(volumes),
  docker: optional(docker),
  healthcheck: optional(healthcheck),
  backup: optional(backup),
  provider: optional(
    v.pipe(
      v.array(provider),
      v.maxLength(MAX_PROVIDERS, `expected at most ${MAX_PROVIDERS} providers`),
      v.description("What the app depends on"),
    ),
  ),
});

export type AppConfig = v.InferOutput<typeof configSchema>;

/** [build], also where there is none. */
export type BuildSection = Partial<NonNullable<AppConfig["build"]>>;

/** [run], also where there is none. */
export type RunSection = NonNullable<AppConfig["run"]>;
