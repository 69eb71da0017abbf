/** How apps of Go's are built and started. */
import { describe, expect, test } from "bun:test";
import { findCommand } from "../../../../src/languages/go/commands.ts";
import { embeddedFrontEnds } from "../../../../src/languages/go/embeds.ts";
import { go } from "../../../../src/languages/go/go.ts";
import { nativePackages } from "../../../../src/languages/go/native-packages.ts";
import { readProject } from "../../../../src/languages/go/project.ts";
import { findParts, planParts } from "../../../../src/plan/parts.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";
import { type AppOptions, NO_WORK, PYTHON_ALONE, script } from "../../agent/facts.ts";

type Files = Record<string, string>;

const MOD = "module example.com/shop\n\ngo 1.26\n";
const MAIN = "package main\n\nfunc main() {}\n";
const TEXT = "require golang.org/x/text v0.3.0\n";
const SUM = "golang.org/x/text v0.3.0 h1:x=\ngolang.org/x/text v0.3.0/go.mod h1:y=\n";

const GO = { system: { "/usr/local/bin/go": "" } };

const build = (files: Files, options: AppOptions = {}) =>
  script("build", files, { ...GO, ...options });
const planOf = (files: Files, work: Partial<typeof NO_WORK> = {}) => {
  const tree = memoryTree(files);
  const input = { work: { ...NO_WORK, ...work }, tree, foundBuildScript: null };
  const placed = { ...input, builtWith: PYTHON_ALONE, versions: {}, place: "here" as const };
  const parts = planParts(findParts(input), placed);
  return parts.find(({ language }) => language.name === "go")!.plan;
};

const LINE = (name: string, folder: string, more = "", flags = "-s -w") =>
  `nua: go build -trimpath ${more}-buildvcs=false -ldflags '${flags}' -o bin/${name} ${folder}`;

describe("is built", () => {
  test.each<[string, Files, string[]]>([
    ["a program at the top", { "go.mod": MOD, "main.go": MAIN }, [LINE("shop", ".")]],
    [
      "with the modules of others, fetched before",
      { "go.mod": MOD + TEXT, "go.sum": SUM, "main.go": MAIN },
      ["nua: go mod download", LINE("shop", ".")],
    ],
    [
      "with the modules of the folder vendor",
      {
        ...{ "go.mod": MOD + TEXT, "main.go": MAIN },
        ...{ "vendor/modules.txt": "# golang.org/x/text v0.3.0\n## explicit\n" },
      },
      [LINE("shop", ".", "-mod=vendor ")],
    ],
    [
      "what does not fit, by completing it",
      { "go.mod": MOD + TEXT, "go.sum": "", "main.go": MAIN },
      [LINE("shop", ".", "-mod=mod ")],
    ],
    [
      "the only program in cmd",
      { "go.mod": MOD, "shop.go": "package shop\n", "cmd/shopd/main.go": MAIN },
      [LINE("shopd", "./cmd/shopd")],
    ],
    [
      "of several, the one that is named like the module",
      { "go.mod": MOD, "cmd/admin/main.go": MAIN, "cmd/shop/main.go": MAIN },
      [LINE("shop", "./cmd/shop")],
    ],
    [
      "no example and no tool",
      {
        ...{ "go.mod": MOD, "examples/a/main.go": MAIN, "tools/b/main.go": MAIN },
        ...{ "internal/c/main.go": MAIN, "service/d/main.go": MAIN },
      },
      [LINE("d", "./service/d")],
    ],
    [
      "no test, and nothing for another system",
      {
        ...{ "go.mod": MOD, "main_test.go": MAIN, "main_windows.go": MAIN },
        ...{ "gen.go": `//go:build ignore\n\n${MAIN}`, "cmd/x/main.go": MAIN },
      },
      [LINE("x", "./cmd/x")],
    ],
    [
      "another module's program only as a member of the workspace",
      {
        ...{ "go.work": "go 1.26\nuse ./a\n", "a/go.mod": "module x/a\n", "a/main.go": MAIN },
        ...{ "b/go.mod": "module x/b\n", "b/main.go": MAIN },
      },
      [LINE("a", "./a")],
    ],
    ["a program in cmd itself", { "go.mod": MOD, "cmd/main.go": MAIN }, [LINE("shop", "./cmd")]],
    [
      "a module whose path ends with a version",
      { "go.mod": "module example.com/shop/v2\n", "main.go": MAIN },
      [LINE("shop", ".")],
    ],
  ])("%s", (_, files, expected) => {
    expect(build(files)).toEqual(expected);
  });

  test.each<[string, string, string]>([
    ["a variable", 'var version = "dev"', "main.version"],
    ["one without a value", "var Version string", "main.Version"],
    ["one of several", 'var (\n\tcommit = "x"\n\tversion = "dev"\n)', "main.version"],
  ])("with the app's version in %s", (_, line, name) => {
    const files = { "go.mod": MOD, "main.go": `${MAIN}${line}\n` };
    const flags = `-s -w -X ${name}=1.2.3`;
    const work = { rendered: { version: "1.2.3" } };
    expect(build(files, { work })).toEqual([LINE("shop", ".", "", flags)]);
  });

  test("with what git says, where there is a repository", () => {
    const files = { "go.mod": MOD, "main.go": MAIN, ".git/HEAD": "x" };
    expect(build(files)).toEqual(["nua: go build -trimpath -ldflags '-s -w' -o bin/shop ."]);
  });

  test("as each line that is started needs it", () => {
    const files = {
      ...{ "go.mod": MOD, "cmd/web/main.go": MAIN, "cmd/worker/main.go": MAIN },
      ...{ "cmd/shop/main.go": MAIN, Procfile: "web: bin/web -v\n" },
    };
    expect(build(files)).toEqual([LINE("web", "./cmd/web")]);
    const start = [{ line: "./bin/worker && exec go run ./cmd/web", from: "run.start" }];
    expect(build(files, { work: { start } })).toEqual([
      LINE("web", "./cmd/web"),
      LINE("worker", "./cmd/worker"),
    ]);
  });

  const WORK = {
    ...{ "go.work": "go 1.26\nuse ./a\n", "a/go.mod": `module x/a\n${TEXT}`, "a/main.go": MAIN },
    "a/go.sum": SUM,
  };
  test.each<[string, Files, string[]]>([
    [
      "with the vendor folder of the workspace",
      { ...WORK, "vendor/modules.txt": "## workspace\n# golang.org/x/text v0.3.0\n## explicit\n" },
      [LINE("a", "./a", "-mod=vendor ")],
    ],
    [
      "without one that lacks a module, which Go would take by itself",
      { ...WORK, "vendor/modules.txt": "## workspace\n# golang.org/x/text v0.2.0\n## explicit\n" },
      [LINE("a", "./a", "-mod=readonly ")],
    ],
    [
      "without one that is a module's",
      { ...WORK, "vendor/modules.txt": "# golang.org/x/text v0.3.0\n## explicit\n" },
      ["nua: go mod download", LINE("a", "./a")],
    ],
    [
      "a module without the vendor folder of a workspace",
      {
        ...{ "go.mod": MOD + TEXT, "go.sum": SUM, "main.go": MAIN },
        "vendor/modules.txt": "## workspace\n# golang.org/x/text v0.3.0\n## explicit\n",
      },
      ["nua: go mod download", LINE("shop", ".")],
    ],
  ])("%s", (_, files, expected) => {
    expect(build(files)).toEqual(expected);
  });

  test("beside folders that are called like the programs", () => {
    const files = { "go.mod": MOD, "bin/shop/main.go": MAIN };
    expect(build(files)).toEqual([
      LINE("shop", "./bin/shop").replace("-o bin/shop", "-o programs/shop"),
    ]);
    expect(planOf(files).start?.line).toBe("programs/shop");
    const started = { ...files, Procfile: "web: ./bin/shop -v\n" };
    expect(go.plainCommand!(memoryTree(started), "./bin/shop -v")?.line).toBe("programs/shop -v");
  });

  test("where a file is called like their folder", () => {
    expect(planOf({ "go.mod": MOD, "main.go": MAIN, bin: "" }).start?.line).toBe("programs/shop");
  });

  describe("of two of the same name", () => {
    const files = {
      ...{
        "go.work": "use ./a\nuse ./b\n",
        "a/go.mod": "module x/a\n",
        "b/go.mod": "module x/b\n",
      },
      ...{ "a/cmd/web/main.go": MAIN, "b/cmd/web/main.go": MAIN },
    };
    const lines = (line: string) =>
      build(files, { work: { start: [{ line, from: "run.start" }] } });
    test("one, where only the name is told", () => {
      expect(lines("bin/web")).toEqual([LINE("web", "./a/cmd/web")]);
    });
    test("the one that is run", () => {
      expect(lines("go run ./b/cmd/web")).toEqual([LINE("web", "./b/cmd/web")]);
    });
    test("both are refused", () => {
      expect(() => lines("go run ./a/cmd/web & go run ./b/cmd/web")).toThrow(
        'Build "go.work": two programs are called web: a/cmd/web and b/cmd/web',
      );
    });
  });

  test("on a slow machine, too", () => {
    const [command] = planOf({ "go.mod": MOD, "main.go": MAIN }).build.slice(-1);
    expect(command).toMatchObject({ kind: "run", timeout: 7200 });
  });

  test("without Go in the image it is left alone", () => {
    const files = { "go.mod": MOD, "main.go": MAIN };
    expect(script("build", files)).toEqual([
      'warn go.mod is left alone, since there is no Go in this image; build.builder = "go" brings it',
    ]);
  });
});

describe("of several programs", () => {
  const FILES = { "go.mod": MOD, "cmd/alpha/main.go": MAIN, "cmd/beta/main.go": MAIN };
  test("all are told where nothing says which", () => {
    expect(planOf(FILES).warnings).toEqual([
      "there are several programs: ./cmd/alpha, ./cmd/beta; ./cmd/alpha is built; build.app names another",
    ]);
  });

  test.each<[string, Files, Partial<typeof NO_WORK>]>([
    ["build.app by its folder", {}, { app: "cmd/beta" }],
    ["build.app by its name", {}, { app: "beta" }],
    ["the app's name", {}, { rendered: { id: "beta" } }],
    ["the Dockerfile", { Dockerfile: 'FROM x\nENTRYPOINT ["/usr/bin/beta", "serve"]\n' }, {}],
  ])("%s says which", (_, more, work) => {
    const { start, warnings } = planOf({ ...FILES, ...more }, work);
    expect(start?.line.split(" ")[0]).toBe("bin/beta");
    expect(warnings).toEqual([]);
  });

  test("a member of a workspace is one by its folder or its module", () => {
    const tree = memoryTree({
      ...{ "go.work": "use ./services/api\n", "services/api/go.mod": "module x.y/api\n" },
      "services/api/cmd/http/main.go": MAIN,
    });
    const project = readProject(tree)!;
    expect(findCommand(tree, project, "services/api")).toBe("services/api");
    expect(findCommand(tree, project, "x.y/api")).toBe("services/api");
    expect(findCommand(tree, project, "http")).toBe("services/api/cmd/http");
    expect(findCommand(tree, project, "other")).toBeNull();
  });
});

describe("is started", () => {
  const startOf = (main: string, more: Files = {}) =>
    planOf({ "go.mod": MOD, "main.go": `${MAIN}${main}\n`, ...more }).start;

  test.each<[string, Files, string]>([
    ["by its name", {}, "bin/shop"],
    [
      "as the Dockerfile does it",
      {
        Dockerfile:
          'FROM x\nCOPY --from=b /shop /shop\nENTRYPOINT ["/shop"]\nCMD ["serve", "--public dir"]\n',
      },
      "bin/shop serve '--public dir'",
    ],
    [
      "through a wrapper",
      { Dockerfile: 'FROM x\nENTRYPOINT ["tini", "--", "/shop"]\nCMD ["web"]\n' },
      "bin/shop web",
    ],
    ["by a usual name", { Dockerfile: 'FROM x\nCMD ["./main", "serve"]\n' }, "bin/shop serve"],
    [
      "not as a script does",
      { Dockerfile: 'FROM x\nENTRYPOINT ["/entry.sh"]\nCMD ["serve"]\n' },
      "bin/shop",
    ],
    [
      "as a script is told to",
      { Dockerfile: 'FROM x\nENTRYPOINT ["/entry.sh"]\nCMD ["/srv/shop", "server"]\n' },
      "bin/shop server",
    ],
    [
      "not as another stage does",
      { Dockerfile: 'FROM x AS b\nCMD ["/shop", "a"]\nFROM y\n' },
      "bin/shop",
    ],
    [
      "not as another program is",
      { Dockerfile: 'FROM x\nCMD ["postgres", "-c", "a"]\n' },
      "bin/shop",
    ],
  ])("%s", (_, more, line) => {
    expect(startOf("", more)?.line).toBe(line);
  });

  const composed = (text: string, name = "docker-compose.yml") =>
    startOf("", { Dockerfile: 'FROM x\nENTRYPOINT ["shop"]\n', [name]: text })?.line;
  test.each<[string, string, string]>([
    ["its image has its name", "image: x/shop:1\n    command: [serve, -v]", "bin/shop serve -v"],
    ["it is built there", "build: .\n    command: serve", "bin/shop serve"],
    ["it is built there, too", "build: {context: ./}\n    command: shop serve", "bin/shop serve"],
    ["it is another's image", "image: postgres\n    command: [-c, fsync=off]", "bin/shop"],
    ["a shell would read it", "build: .\n    command: serve $PORT", "bin/shop"],
    ["it names places", "build: .\n    command: serve --dir /srv", "bin/shop"],
    ["two are it", "build: .\n    command: web\n  b:\n    build: .\n    command: work", "bin/shop"],
    ["it is no YAML", "build: [", "bin/shop"],
  ])("as a compose file does it, where %s", (_, service, line) => {
    expect(composed(`services:\n  a:\n    ${service}\n`)).toBe(line);
  });

  test("as the first of several compose files does it, and not beside a Dockerfile that says it", () => {
    const text = "services: {a: {build: ., command: serve}}\n";
    expect(composed(text, "compose.yaml")).toBe("bin/shop serve");
    const Dockerfile = 'FROM x\nENTRYPOINT ["shop"]\nCMD ["web"]\n';
    expect(startOf("", { Dockerfile, "compose.yaml": text })?.line).toBe("bin/shop web");
  });

  test.each<[string, string | null]>([
    ['flags.StringP("address", "a", "127.0.0.1", "")', "cmd/flags.go"],
    ['http.ListenAndServe("localhost:8080", nil)', "cmd/flags.go"],
    ['http.ListenAndServe(":8080", nil)', null],
    ['db := "127.0.0.1:5432"', null],
  ])("%j, which is told of %p", (text, file) => {
    const plan = planOf({
      "go.mod": MOD,
      "main.go": MAIN,
      "cmd/flags.go": `package cmd\n${text}\n`,
    });
    const told = plan.warnings!.map((one) => one.split(" has the app listen on 127.0.0.1")[0]);
    expect(told).toEqual(file === null ? [] : [file]);
  });

  test("places of another image are told, and not used", () => {
    const Dockerfile = 'FROM x\nENTRYPOINT ["/shop", "--config", "/etc/shop.yml"]\n';
    const plan = planOf({ "go.mod": MOD, "main.go": MAIN, Dockerfile });
    expect(plan.start?.line).toBe("bin/shop");
    expect(plan.warnings).toEqual([
      'Dockerfile:2 starts it with "--config /etc/shop.yml", which names places of that image: run.start says what holds here',
    ]);
  });

  test.each<[string, number | undefined]>([
    ['var p = os.Getenv("PORT")', 8080],
    ['p := os.Getenv("PORT")\nif p == "" {\n\tp = "3000"\n}', 3000],
    ['p := getEnv("PORT", "4000")', 4000],
    ['p := cmp.Or(os.Getenv("PORT"), "5000")', 5000],
    ['type C struct {\n\tPort int `env:"PORT" envDefault:"6000"`\n}', 6000],
    ['type C struct {\n\tPort int `envconfig:"PORT" default:"6001"`\n}', 6001],
    ['http.ListenAndServe(":7000", nil)', 7000],
    ['app.Listen("0.0.0.0:7001")', 7001],
    ['srv := http.Server{Addr: ":7002"}', 7002],
    ['addr := flag.String("addr", ":7003", "address")', 7003],
    ['viper.SetDefault("port", 8081)', 8081],
    ['cmd.Flags().IntP("http-port", "p", 7004, "port")', 7004],
    ['flag.StringVar(&addr, "listen", "127.0.0.1:7005", "")', 7005],
    ['x := "PORT"', undefined],
    ['db.Connect("localhost:5432")', undefined],
  ])("%j listens on %p", (main, port) => {
    expect(startOf(main)?.port).toBe(port);
  });

  test.each<[string, string | null]>([
    ["go run .", "bin/shop"],
    ["go run main.go", "bin/shop"],
    ["go run ./cmd/x --a b", "bin/x --a b"],
    ["shop serve", "bin/shop serve"],
    ["x", "bin/x"],
    ["other", null],
    ["go run . | tee log", null],
  ])("%j, which is %p", (line, expected) => {
    const tree = memoryTree({ "go.mod": MOD, "main.go": MAIN, "cmd/x/main.go": MAIN });
    expect(go.plainCommand!(tree, line)?.line ?? null).toBe(expected);
  });
});

describe("what only the build reads", () => {
  const tidy = (files: Files) => script("tidy", files, GO)!.find((one) => one.includes("find ."))!;

  test("is not in the image", () => {
    const line = tidy({ "go.mod": MOD, "main.go": MAIN });
    expect(line).toContain("rm -rf -- .git .github; find .");
    for (const name of ["'*.go'", "go.mod", "go.sum"]) expect(line).toContain(`-name ${name}`);
  });

  test("nor what has become a part of the program", () => {
    const embed =
      '//go:embed all:static templates/*.html *\n//go:embed "a b" $x ./.. .\nvar f embed.FS\n';
    const files = { "go.mod": MOD, "main.go": MAIN, "web/web.go": `package web\n${embed}` };
    expect(tidy(files)).toContain("rm -rf -- .git .github web/static web/templates/*.html web/*;");
    const top = tidy({ "go.mod": MOD, "main.go": MAIN + embed });
    expect(top).toContain("rm -rf -- .git .github static templates/*.html;");
  });

  test.each<[string, string]>([
    ["a folder that is served", 'http.FileServer(http.Dir("web/static"))'],
    ["a file in it", 'os.ReadFile("web/static/a.html")'],
    ["files that a star stands for", 'template.ParseGlob("web/static/*.html")'],
    ["what a setting says", 'flag.String("static", "web/static", "")'],
    ["a path that no embedded file has", 'serve("./web/static")'],
    ["what is below it", 'os.Open("web/static/css/a.css")'],
  ])("but what is read all the same: %s", (_, line) => {
    const files = {
      ...{ "go.mod": MOD, "main.go": `${MAIN}func f() { ${line} }\n` },
      "web/web.go": "package web\n//go:embed static templates\nvar f embed.FS\n",
    };
    expect(tidy(files)).toContain("rm -rf -- .git .github web/templates;");
  });

  test("nor where all of the folder is read", () => {
    const files = {
      ...{ "go.mod": MOD, "main.go": `${MAIN}var h = http.FileServer(http.Dir("web"))\n` },
      "web/web.go": "package web\n//go:embed static templates\nvar f embed.FS\n",
    };
    expect(tidy(files)).toContain("rm -rf -- .git .github; find");
  });

  test("and not what is read of the program's own", () => {
    const line = 'func f() { fs.Sub(content, "static"); content.ReadFile("web/static/a.html") }';
    const files = {
      ...{ "go.mod": MOD, "main.go": `${MAIN}//go:embed web/static\nvar f embed.FS\n${line}\n` },
    };
    expect(tidy(files)).toContain("rm -rf -- .git .github web/static;");
  });

  test("a front end stays that is read all the same", () => {
    const files = {
      ...{
        "go.mod": MOD,
        "main.go": `${MAIN}//go:embed all:ui/dist\nvar d = os.DirFS("ui/dist")\n`,
      },
      "ui/package.json": '{"scripts": {"build": "vite build"}, "dependencies": {"vue": "3"}}',
    };
    expect(tidy(files)).toContain("rm -rf -- .git .github;");
  });

  test("nor vendor folders, whether they are used or not", () => {
    const files = {
      ...{ "go.work": "use ./a\n", "a/go.mod": "module x/a\n", "a/main.go": MAIN },
      ...{ "vendor/modules.txt": "", "a/vendor/modules.txt": "", "b/vendor/jquery.js": "" },
    };
    expect(tidy(files)).toContain("rm -rf -- vendor a/vendor .git .github;");
  });

  test("nor the sources of a front end that is in it", () => {
    const files = {
      ...{ "go.mod": MOD, "main.go": `${MAIN}//go:embed all:server/ui/dist\n` },
      "server/ui/package.json":
        '{"scripts": {"build": "vite build"}, "dependencies": {"vue": "3"}}',
    };
    expect(tidy(files)).toContain("rm -rf -- .git .github server/ui;");
    const tree = memoryTree(files);
    expect(embeddedFrontEnds(tree, "")).toEqual(["server/ui"]);
    const parts = findParts({ work: NO_WORK, tree, foundBuildScript: null });
    expect(parts.map(({ language, dir }) => `${language.name} ${dir}`)).toEqual([
      "node server/ui",
      "go ",
    ]);
  });
});

describe("a front end that is copied to where it is embedded", () => {
  const FILES = {
    ...{ "go.mod": MOD, "main.go": `${MAIN}var (\n\t//go:embed all:server/site\n)\n` },
    "web/package.json": '{"scripts": {"build": "vite build"}, "dependencies": {"vue": "3"}}',
  };
  const COPY =
    'nua: for made in web/dist web/build web/out; do if [ -d "$made" ]; then mkdir -p server/site; cp -R "$made/." server/site; break; fi; done';

  test.each<[string, Files, boolean]>([
    ["nothing is there", {}, true],
    ["a page holds its place", { "server/site/index.html": "" }, true],
    ["it is there", { "server/site/index.html": "", "server/site/app.js": "" }, false],
    ["there are several", { "docs/package.json": '{"scripts": {"build": "x"}}' }, false],
    ["its own build is embedded", { "web/web.go": "package web\n//go:embed dist\n" }, false],
  ])("where %s: %p", (_, more, expected) => {
    expect(build({ ...FILES, ...more })!.includes(COPY)).toBe(expected);
  });

  test("none of its sources is in the image", () => {
    const tidy = script("tidy", FILES, GO)!.find((one) => one.includes("find ."));
    expect(tidy).toContain("rm -rf -- .git .github web server/site;");
  });
});

describe("linked with C", () => {
  const nativeOf = (files: Files) => {
    const tree = memoryTree({ "go.mod": MOD, ...files });
    return nativePackages(tree, readProject(tree)!);
  };

  test("nothing is, unless it has to be", () => {
    expect(nativeOf({ "main.go": MAIN }).because).toBeNull();
    const optional = '//go:build cgo\n\npackage main\n\nimport "C"\n';
    expect(nativeOf({ "c.go": optional }).because).toBeNull();
  });

  test("a module is not, of which another package is used", () => {
    const mod = `${MOD}require github.com/google/gopacket v1.1.19\n`;
    expect(nativeOf({ "go.mod": mod, "main.go": MAIN }).because).toBeNull();
    const main = `${MAIN}import "github.com/google/gopacket/pcap"\n`;
    expect(nativeOf({ "go.mod": mod, "main.go": main }).build).toContain("libpcap-dev");
  });

  test.each<[string, Files, string[], string[]]>([
    [
      "a module",
      { "go.mod": `${MOD}require github.com/mattn/go-sqlite3 v1.14.0\n` },
      ["gcc", "g++", "libc6-dev"],
      [],
    ],
    [
      "another version of one, and its library",
      { "go.mod": `${MOD}require github.com/davidbyttow/govips/v2 v2.14.0\n` },
      ["gcc", "g++", "libc6-dev", "pkg-config", "libvips-dev"],
      ["libvips42|libvips42t64"],
    ],
    [
      "the app's own",
      { "c.go": 'package main\n\n/*\n#include <math.h>\n*/\nimport "C"\n' },
      ["gcc", "g++", "libc6-dev"],
      [],
    ],
    [
      "the app's own, with a library",
      { "c.go": 'package main\n\n// #cgo pkg-config: x\nimport (\n\t"C"\n)\n' },
      ["gcc", "g++", "libc6-dev", "pkg-config"],
      [],
    ],
  ])("%s", (_, files, packages, run) => {
    const native = nativeOf(files);
    expect(native.because).not.toBeNull();
    expect(native.build).toEqual(packages);
    expect(native.run.flatMap(({ names }) => names)).toEqual(run);
  });
});

describe("beside another language", () => {
  test.each<[string, string[], Files, boolean]>([
    ["a program counts", ["python", "go"], { "main.go": MAIN }, true],
    [
      "tools do not",
      ["python", "go"],
      { "tools.go": "//go:build tools\n\npackage tools\n" },
      false,
    ],
    ["nor do they beside Node", ["node", "go"], { "tools.go": "package tools\n" }, false],
    ["alone they are refused later", ["go"], { "tools.go": "package tools\n" }, true],
  ])("%s", (_, languages, files, expected) => {
    expect(go.isOfApp!(memoryTree({ "go.mod": MOD, ...files }), { languages })).toBe(expected);
  });
});
