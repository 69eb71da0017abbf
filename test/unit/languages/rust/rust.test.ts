/** How apps of Rust's are built and started. */
import { describe, expect, test } from "bun:test";
import { findChosen } from "../../../../src/languages/rust/binaries.ts";
import { nativePackages } from "../../../../src/languages/rust/native-packages.ts";
import { readProject } from "../../../../src/languages/rust/project.ts";
import { rust } from "../../../../src/languages/rust/rust.ts";
import { findParts, planParts } from "../../../../src/plan/parts.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";
import { NO_WORK, PYTHON_ALONE } from "../../agent/facts.ts";

type Files = Record<string, string>;

const MAIN = "fn main() {}\n";
const toml = (name: string, more = "") =>
  `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n${more}`;
const lock = (...names: string[]) =>
  names.reduce((text, one) => {
    const [name, version = "0.1.0"] = one.split("@");
    return `${text}\n[[package]]\nname = "${name}"\nversion = "${version}"\n`;
  }, "version = 4\n");
const app = (more: Files = {}): Files => ({
  ...{ "Cargo.toml": toml("shop"), "Cargo.lock": lock("shop"), "src/main.rs": MAIN },
  ...more,
});
const workspace = (members: string, more = "") =>
  `[workspace]\nmembers = [${members}]\nresolver = "2"\n${more}`;

interface Asked {
  app?: string | null;
  start?: string;
  id?: string;
}

const planOf = (files: Files, { app: chosen = null, start, id = "" }: Asked = {}) => {
  const tree = memoryTree(files);
  const work = {
    ...NO_WORK,
    app: chosen,
    rendered: { id, version: "1.0" },
    start: start === undefined ? [] : [{ line: start, from: "run.start" }],
  };
  const input = { work, tree, foundBuildScript: null };
  const placed = { ...input, builtWith: PYTHON_ALONE, versions: {}, place: "here" as const };
  const parts = planParts(findParts(input), placed);
  return parts.find(({ language }) => language.name === "rust")!.plan;
};

/** The lines of Cargo's. */
const built = (files: Files, asked?: Asked) =>
  planOf(files, asked).build.flatMap((command) => {
    if (command.kind !== "run") return [];
    const line = command.argv.at(-1)!.startsWith("cargo ")
      ? command.argv.at(-1)!
      : command.argv.join(" ");
    return line.startsWith("cargo ") ? [line] : [];
  });

const LINE = "cargo build --release --locked";
const MEMBERS: Files = {
  "Cargo.toml": workspace('"crates/*"'),
  "Cargo.lock": lock("api", "core", "cli"),
  "crates/api/Cargo.toml": toml("api"),
  "crates/api/src/main.rs": MAIN,
  "crates/core/Cargo.toml": toml("core"),
  "crates/core/src/lib.rs": "",
  "crates/cli/Cargo.toml": toml("cli"),
  "crates/cli/src/main.rs": MAIN,
};

describe("is built", () => {
  test.each<[string, Files, string[]]>([
    ["a program at the top", app(), [`${LINE} --bin shop`]],
    [
      "one whose lock is missing, which Cargo makes",
      { "Cargo.toml": toml("shop"), "src/main.rs": MAIN },
      ["cargo build --release --bin shop"],
    ],
    [
      "of several, the one that is named like the package",
      app({ "src/bin/admin.rs": MAIN }),
      [`${LINE} --bin shop`],
    ],
    [
      "of several, the one of default-run",
      app({
        "Cargo.toml": toml("shop", 'default-run = "admin"\n'),
        "src/bin/admin.rs": MAIN,
        "src/bin/seed/main.rs": MAIN,
      }),
      [`${LINE} --bin admin`],
    ],
    [
      "one with a name of its own",
      app({ "Cargo.toml": toml("shop", '\n[[bin]]\nname = "shopd"\npath = "src/main.rs"\n') }),
      [`${LINE} --bin shopd`],
    ],
    [
      "with the features that it is not built without",
      app({
        "Cargo.toml": toml(
          "shop",
          '\n[[bin]]\nname = "shop"\nrequired-features = ["http", "db"]\n',
        ),
      }),
      [`${LINE} --bin shop --features http,db`],
    ],
    [
      "nothing that is only named",
      app({
        "Cargo.toml": toml("shop", 'autobins = false\n\n[[bin]]\nname = "a"\npath = "src/a.rs"\n'),
        "src/a.rs": MAIN,
      }),
      [`${LINE} --bin a`],
    ],
    [
      "a member of a workspace, by what the Dockerfile starts",
      { ...MEMBERS, Dockerfile: 'FROM x\nCMD ["/usr/bin/cli"]\n' },
      [`${LINE} --package cli --bin cli`],
    ],
    [
      "a member of default-members",
      { ...MEMBERS, "Cargo.toml": workspace('"crates/*"', 'default-members = ["crates/cli"]\n') },
      [`${LINE} --package cli --bin cli`],
    ],
    [
      "no example and no task",
      {
        "Cargo.toml": workspace('"xtask", "examples/*", "srv"'),
        "Cargo.lock": lock("xtask", "demo", "srv"),
        "xtask/Cargo.toml": toml("xtask"),
        "xtask/src/main.rs": MAIN,
        "examples/demo/Cargo.toml": toml("demo"),
        "examples/demo/src/main.rs": MAIN,
        "srv/Cargo.toml": toml("srv"),
        "srv/src/main.rs": MAIN,
      },
      [`${LINE} --package srv --bin srv`],
    ],
    [
      "an example, where there is nothing else",
      {
        "Cargo.toml": workspace('"example/*"'),
        "Cargo.lock": lock("demo"),
        "example/demo/Cargo.toml": toml("demo"),
        "example/demo/src/main.rs": MAIN,
      },
      [`${LINE} --bin demo`],
    ],
    [
      "for the system that it runs on, whatever else the settings of Cargo name",
      app({ ".cargo/config.toml": '[build]\ntarget = "x86_64-unknown-linux-musl"\n' }),
      [`${LINE} --bin shop --target "$(rustc -vV | sed -n 's/^host: //p')"`],
    ],
    [
      "for it as well where they name several",
      app({ ".cargo/config.toml": '[build]\ntarget = ["x86_64-unknown-linux-musl", "wasm32"]\n' }),
      [`${LINE} --bin shop --target "$(rustc -vV | sed -n 's/^host: //p')"`],
    ],
    [
      "by the lock, which lacks what tests of an excluded package need",
      {
        "Cargo.toml": workspace('"srv"', 'exclude = ["lib"]\n'),
        "Cargo.lock": lock("srv", "lib", "serde@1.0.0"),
        "srv/Cargo.toml": toml("srv", '\n[dependencies]\nlib = { path = "../lib" }\n'),
        "srv/src/main.rs": MAIN,
        "lib/Cargo.toml": toml(
          "lib",
          '\n[dependencies]\nserde = "1"\n[dev-dependencies]\nrand = "0.8"\n',
        ),
      },
      [`${LINE} --package srv --bin srv`],
    ],
    [
      "and not by one that lacks what those of a member need",
      {
        "Cargo.toml": workspace('"srv"'),
        "Cargo.lock": lock("srv", "lib"),
        "srv/Cargo.toml": toml("srv", '\n[dependencies]\nlib = { path = "../lib" }\n'),
        "srv/src/main.rs": MAIN,
        "lib/Cargo.toml": toml("lib", '\n[dev-dependencies]\nrand = "0.8"\n'),
      },
      ["cargo build --release --package srv --bin srv"],
    ],
  ])("%s", (_, files, lines) => {
    expect(built(files)).toEqual(lines);
  });

  test.each<[string, Asked, string[]]>([
    ["like the app", { id: "cli" }, ["cli"]],
    ["by build.app, its package's name", { app: "cli" }, ["cli"]],
    ["by build.app, its folder", { app: "crates/cli" }, ["cli"]],
    ["by run.start", { start: "bin/cli --port 80" }, ["cli"]],
    ["by run.start, all of them", { start: "cargo run --bin cli & bin/api" }, ["api", "cli"]],
    ["nowhere, the first", {}, ["api"]],
  ])("of a workspace, the program that is named %s", (_, asked, names) => {
    expect(built(MEMBERS, asked)).toEqual(
      names.map((name) => `${LINE} --package ${name} --bin ${name}`),
    );
  });

  test("several that it could be are told", () => {
    const { warnings } = planOf(MEMBERS);
    expect(warnings).toEqual([
      "there are several programs: api (crates/api), cli (crates/cli); api (crates/api) is built; build.app names another",
    ]);
  });
});

describe("is built with the features of its Dockerfile", () => {
  const FEATURES = '\n[features]\ndefault = ["tls"]\ntls = []\nsqlite = []\nmysql = []\n';
  const fromDockerfile = (text: string) =>
    built(app({ "Cargo.toml": toml("shop", FEATURES), Dockerfile: text }))[0]!.replace(LINE, "");
  test.each<[string, string]>([
    ["RUN cargo build --release --features sqlite", " --bin shop --features sqlite"],
    [
      "ARG DB=sqlite,mysql\nRUN x && xx-cargo build --features $DB && y",
      " --bin shop --features sqlite,mysql",
    ],
    ["RUN cargo build -F 'sqlite mysql'", " --bin shop --features sqlite,mysql"],
    [
      'RUN cargo install --no-default-features --features="sqlite" --path .',
      " --bin shop --no-default-features --features sqlite",
    ],
    ["RUN cargo build -p other --features sqlite", " --bin shop"],
    ["RUN cargo build --features nightly,$(x)", " --bin shop"],
    ["RUN cargo test --features sqlite", " --bin shop"],
    ["RUN cargo build\nRUN cargo build --features sqlite", " --bin shop --features sqlite"],
  ])("%j", (text, words) => {
    expect(fromDockerfile(`FROM x\n${text}\n`)).toBe(words);
  });

  test("which is told", () => {
    const files = app({
      "Cargo.toml": toml("shop", FEATURES),
      Dockerfile: "FROM x\nRUN cargo build --no-default-features\n",
    });
    expect(planOf(files).decisions).toContainEqual({
      what: "with the features none, and not those by default",
      from: { what: "Dockerfile", line: 2 },
    });
  });
});

const TWINS: Files = {
  "Cargo.toml": workspace('"a", "b"'),
  "Cargo.lock": lock("a", "b"),
  "a/Cargo.toml": toml("a"),
  "a/src/bin/web.rs": MAIN,
  "b/Cargo.toml": toml("b"),
  "b/src/bin/web.rs": MAIN,
};

describe("of two programs of the same name", () => {
  test.each([
    ["bin/web", "a"],
    ["cargo run -p b --bin web", "b"],
    ["cargo run --package=b", "b"],
  ])("one is built: %s", (start, name) => {
    expect(built(TWINS, { start })).toEqual([`${LINE} --package ${name} --bin web`]);
  });

  test.each([
    ["cargo run -p b --bin job & cargo run -p b --bin web", ["job", "web"]],
    ["cargo run -p b & cargo run -p b --bin web", ["job", "web"]],
    ["cargo run -p b --bin job & bin/web", ["job", "web"]],
  ])("all that lines name are built: %s", (start, names) => {
    const lines = built({ ...TWINS, "b/src/bin/job.rs": MAIN }, { start });
    expect(lines.map((line) => line.split(" ").at(-1)!).sort()).toEqual(names);
  });

  test("both are refused", () => {
    expect(() => built(TWINS, { start: "cargo run -p a & cargo run -p b" })).toThrow(
      'Build "Cargo.toml": two programs are called web: a/Cargo.toml and b/Cargo.toml',
    );
  });
});

test("programs are beside folders that are called like them", () => {
  const files = {
    "Cargo.toml": workspace('"bin/*"'),
    "Cargo.lock": lock("shop"),
    "bin/shop/Cargo.toml": toml("shop"),
    "bin/shop/src/main.rs": MAIN,
  };
  const { build, start } = planOf(files);
  expect(start?.line).toBe("programs/shop");
  expect(JSON.stringify(build.at(-1))).toContain('"programs/shop"');
  expect(rust.plainCommand!(memoryTree(files), "bin/shop -v")?.line).toBe("programs/shop -v");
});

describe("what has changed is looked for", () => {
  const renewal = (files: Files, source = "/nua/build") => {
    const tree = memoryTree(files);
    const options = {
      ...{ source, member: null, languages: ["rust"], versions: {}, version: "1" },
      ...({ runtime: "build", place: "here" } as const),
    };
    return rust
      .plan(tree, options)
      .build.flatMap((one) =>
        one.kind === "run" && one.argv[1]?.endsWith("renew_times.py") ? [one.argv.slice(3)] : [],
      );
  };

  test("for the programs that are built, and not in what managers install", () => {
    expect(renewal(app())).toEqual([
      ["--program=shop", "node_modules"],
      ["--built", "node_modules"],
    ]);
  });

  test("also above the app's folder, where a package is", () => {
    const beside = app({
      "Cargo.toml": toml("shop", '\n[dependencies]\nlib = { path = "../../lib" }\n'),
      "Cargo.lock": lock("shop", "lib"),
    });
    const [first, last] = renewal(beside, "/nua/build/apps/shop");
    expect([first![0], last![1]]).toEqual(["--top=../..", "--top=../.."]);
    expect(renewal(app(), "/nua/build/apps/shop")[0]).not.toContain("--top=../..");
  });
});

describe("is chosen", () => {
  const files = { ...MEMBERS, "crates/api/src/bin/worker.rs": MAIN };
  test.each<[string, string | null]>([
    ["api", "crates/api"],
    ["crates/api/", "crates/api"],
    ["worker", "crates/api/src/bin/worker"],
    ["nothing", null],
  ])("%s", (name, found) => {
    const tree = memoryTree(files);
    expect(findChosen(tree, readProject(tree)!, name)).toBe(found);
  });

  test("and built", () => {
    expect(built(files, { app: "worker" })).toEqual([`${LINE} --package api --bin worker`]);
  });
});

const startOf = (files: Files) => {
  const { start, env, warnings } = planOf(files);
  return { line: start!.line, port: start!.port, env, warnings };
};
const uses = (code: string) => app({ "src/main.rs": `fn main() {\n${code}\n}\n` });

describe("is started", () => {
  test("with the words of its Dockerfile", () => {
    const files = app({ Dockerfile: 'FROM x\nENTRYPOINT ["/app/shop"]\nCMD ["serve", "-v"]\n' });
    expect(startOf(files).line).toBe("bin/shop serve -v");
  });

  test("as Rocket has it", () => {
    const files = app({
      "Cargo.toml": toml("shop", '\n[dependencies]\nrocket = "0.5"\n'),
      "Cargo.lock": lock("shop", "rocket@0.5.1"),
      "Rocket.toml": "[default]\nport = 9001\n",
    });
    expect(startOf(files)).toEqual({
      ...{ line: `ROCKET_PORT=\${PORT:-9001} bin/shop`, port: 9001, warnings: [] },
      env: { ROCKET_ADDRESS: "0.0.0.0" },
    });
  });

  test.each<[string, string, number | undefined]>([
    ["with a default", 'env::var("PORT").unwrap_or_else(|_| "3000".into())', 3000],
    [
      "with a number",
      'std::env::var("PORT").ok().and_then(|p| p.parse().ok()).unwrap_or(4000)',
      4000,
    ],
    ["by clap", '#[arg(long, env = "PORT", default_value_t = 5000)] port: u16', 5000],
    ["without", 'let port = env::var("PORT").expect("PORT");', 8080],
    ["axum", 'TcpListener::bind("0.0.0.0:3001").await', 3001],
    ["actix", 'HttpServer::new(f).bind(("0.0.0.0", 8081))?', 8081],
    ["an address of numbers", "SocketAddr::from(([0, 0, 0, 0], 3030))", 3030],
    ["an address by name", "(Ipv4Addr::UNSPECIFIED, 7777)", 7777],
    ["a constant", "const PORT: u16 = 6000;", 6000],
    ["nothing", "println!()", undefined],
  ])("at the port of its code: %s", (_, code, port) => {
    expect(startOf(uses(code)).port).toBe(port);
  });

  test("and it is told where it listens to itself alone", () => {
    expect(startOf(uses('TcpListener::bind("127.0.0.1:3000")'))).toMatchObject({
      port: 3000,
      warnings: [
        "src/main.rs has shop listen to its own container alone: bind 0.0.0.0 in place of 127.0.0.1",
      ],
    });
  });

  test.each<[string, string | null]>([
    ["cargo run --release", "bin/shop"],
    ["cargo run --release -- serve --all", "bin/shop serve --all"],
    ["cargo run --bin shop", "bin/shop"],
    ["./target/release/shop --x", "bin/shop --x"],
    ["shop", "bin/shop"],
    ["other", null],
    ["shop && other", "bin/shop && other"],
  ])("by a line that says `%s`", (line, plain) => {
    const found = rust.plainCommand!(memoryTree(app()), line);
    expect(found?.line ?? null).toBe(plain);
  });
});

describe("front ends", () => {
  const EMBED = '#[derive(RustEmbed)]\n#[folder = "ui/dist/"]\nstruct Assets;\n';
  test("that the program takes in are built before", () => {
    const files = app({ "src/main.rs": EMBED + MAIN, "ui/package.json": "{}" });
    expect(rust.frontEnds!(memoryTree(files))).toEqual(["ui"]);
  });

  test("those of a folder beside the package as well", () => {
    const files: Files = {
      "Cargo.toml": workspace('"server"'),
      "server/Cargo.toml": toml("server"),
      "server/src/main.rs": `static UI: Dir = include_dir!("$CARGO_MANIFEST_DIR/../web/build");\n${MAIN}`,
      "web/package.json": "{}",
    };
    expect(rust.frontEnds!(memoryTree(files))).toEqual(["web"]);
  });

  const removed = (files: Files) => JSON.stringify(planOf(files).tidy);
  test("go with the sources", () => {
    const files = app({ "src/main.rs": EMBED + MAIN, "ui/package.json": "{}" });
    expect(removed(files)).toContain(".github ui;");
  });

  test("stay where a feature decides", () => {
    const code = `#[cfg(feature = "embed")]\n${EMBED}${MAIN}`;
    expect(removed(app({ "src/main.rs": code, "ui/package.json": "{}" }))).not.toContain(" ui;");
  });
});

describe("Debian packages", () => {
  const packages = (files: Files) => {
    const tree = memoryTree(files);
    const { build, run } = nativePackages(tree, readProject(tree)!);
    return [build, run.flatMap(({ names }) => names)];
  };
  const locked = (...names: string[]) => app({ "Cargo.lock": lock("shop", ...names) });
  test.each<[string, Files, string[], string[]]>([
    ["none", locked("serde@1.0.0", "ring@0.17.0", "zstd-sys@2.0.0"), [], []],
    [
      "OpenSSL",
      locked("openssl-sys@0.9.0", "openssl-probe@0.1.0"),
      ["libssl-dev", "pkg-config"],
      ["ca-certificates"],
    ],
    ["PostgreSQL", locked("pq-sys@0.6.0"), ["libpq-dev"], []],
    ["MySQL", locked("mysqlclient-sys@0.4.0"), ["default-libmysqlclient-dev", "pkg-config"], []],
    ["SQLite of the system", locked("libsqlite3-sys@0.30.0"), ["libsqlite3-dev", "pkg-config"], []],
    ["SQLite of its own", locked("libsqlite3-sys@0.30.0", "sqlx-sqlite@0.8.0"), [], []],
    [
      "Kafka",
      locked("rdkafka-sys@4.0.0"),
      ["cmake", "g++", "make", "zlib1g-dev", "libssl-dev", "python3"],
      [],
    ],
    [
      "no clang beside aws-lc",
      locked("aws-lc-sys@0.30.0", "bindgen@0.72.0"),
      ["cmake", "g++", "make"],
      [],
    ],
    ["sound", locked("alsa-sys@0.3.0"), ["libasound2-dev", "pkg-config"], []],
    [
      "a repository",
      app({
        "Cargo.lock": `${lock("shop")}\n[[package]]\nname = "a"\nversion = "1.0.0"\nsource = "git+https://h/a#1"\n`,
      }),
      ["git", "ca-certificates"],
      [],
    ],
    [
      "a linker",
      app({
        ".cargo/config.toml":
          '[target.x]\nlinker = "clang"\nrustflags = ["-C", "link-arg=-fuse-ld=mold"]\n',
      }),
      ["mold", "clang"],
      [],
    ],
  ])("%s", (_, files, build, run) => {
    expect(packages(files)).toEqual([build, run]);
  });
});

describe("what only the build reads", () => {
  const removed = (files: Files) => JSON.stringify(planOf(files).tidy);
  test("is gone, with crates of others", () => {
    expect(removed(app({ "vendor/serde/.cargo-checksum.json": "{}" }))).toContain(" vendor;");
  });
  test("and not what the app serves", () => {
    expect(removed(app({ "vendor/jquery/jquery.js": "" }))).not.toContain(" vendor");
  });
});

describe("beside another language", () => {
  const beside = { languages: ["python", "rust"] };
  test("a program counts", () => {
    expect(rust.isOfApp!(memoryTree(app()), beside)).toBeTrue();
  });
  test("an extension of that does not", () => {
    const files = { "Cargo.toml": toml("ext"), "src/lib.rs": "" };
    expect(rust.isOfApp!(memoryTree(files), beside)).toBeFalse();
    expect(rust.isOfApp!(memoryTree(files), { languages: ["node", "rust"] })).toBeFalse();
    expect(rust.isOfApp!(memoryTree(files), { languages: ["rust", "static"] })).toBeTrue();
  });
});

test("what Cargo.toml says of the app", () => {
  const more =
    'description = "Sells"\nlicense = "MIT"\nrepository = "https://h/shop"\nauthors = ["A"]\n';
  expect(rust.describe!(memoryTree({ "Cargo.toml": toml("shop", more) }))).toEqual({
    ...{ name: "shop", version: "0.1.0", description: "Sells", license: "MIT" },
    ...{ homepage: "https://h/shop", author: "A" },
  });
});
