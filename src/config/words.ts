/** Checks values that become arguments of commands: none may look like an option. Pure. */
import type { RuleProblem } from "./normalize.ts";
import type { FormattedFields } from "./rendered.ts";
import type { AppConfig } from "./schema.ts";
import type { Path } from "./source-map.ts";

interface Word {
  path: Path;
  /** The text as it is written, or as its braces have made it. */
  text: string;
}

interface Kind {
  /** Bounded texts only: see MAX_WORD. */
  accepts: RegExp;
  what: string;
  hint: string;
}

/** Characters: Linux takes 4096 for a path (limits.h, PATH_MAX). */
const MAX_WORD = 4096;

/** Source: the reference grammar of the distribution project. */
const IMAGE: Kind = {
  accepts:
    /^(?:(?:[a-z\d][a-z\d.-]*|\[[\da-f:]+\])(?::\d{1,5})?\/)?[a-z\d]+(?:(?:\.|__?|-+)[a-z\d]+)*(?:\/[a-z\d]+(?:(?:\.|__?|-+)[a-z\d]+)*)*(?::\w[\w.-]{0,127})?(?:@[a-z\d]+:[\da-f]{32,128})?$/,
  what: "the name of an image",
  hint: "write it as the engine does, such as docker.io/library/redis:7.0",
};

/** Source: Debian Policy 5.6.1; apt-get(8): a version, a release or an architecture may follow. */
const PACKAGE: Kind = {
  accepts: /^[a-z\d][a-z\d+.-]*[a-z\d+.](?::[a-z\d-]+)?(?:[=/][\w.+:~-]+)?$|^[a-z]$/i,
  what: "the name of a Debian package",
  hint: "write it as apt install has it, without options: a name, name=version or name:architecture",
};

/** Source: git-check-ref-format(1); a commit is one, too. */
const REVISION: Kind = {
  accepts: /^(?!-)(?!.*\.\.)(?!.*@\{)[^\s~^:?*[\\\p{Cc}]+$/u,
  what: "a branch, tag or commit",
  hint: "write it as git does, such as main or v1.2",
};

/** Others are commands for git's helpers: gitremote-helpers(7), `ext::sh -c …`. */
const REPOSITORY: Kind = {
  accepts:
    /^(?:(?:https?|ssh|git|file):\/\/[^\s\p{Cc}]+|[a-z\d_][^\s\p{Cc}:/]*:[^\s\p{Cc}:][^\s\p{Cc}]*|\.{0,2}\/[^\p{Cc}]*)$/iu,
  what: "the address of a git repository",
  hint: "write https://…, ssh://…, user@host:path, or a path that begins with ./ or /",
};

const SOURCE: Kind = {
  accepts: /^(?:(?:https?|file):\/\/[^\s\p{Cc}]+|(?!-)(?!\w+:\/\/)[^\p{Cc}]+)$/iu,
  what: "the address of an archive",
  hint: "write https://…, file:///… or a path in the app's folder",
};

const FOLDER: Kind = {
  accepts: /^(?:https?:\/\/[^\s\p{Cc}]+|(?!-)(?!\w+:\/\/)[^\p{Cc}]+)$/iu,
  what: "a folder of the source",
  hint: "write its path below the app's folder",
};

const VOLUME: Kind = {
  accepts: /^\/(?!.*(?:^|\/)\.\.?(?:\/|$))[^\p{Cc}:]*[^\p{Cc}:/]\/*$/u,
  what: "a folder in the container",
  hint: "write an absolute path without .. and colons, such as /var/lib/app",
};

const REQUIREMENT: Kind = {
  accepts: /^[^\p{Cc}]+$/u,
  what: "a requirement",
  hint: "write one requirement an item, as in requirements.txt",
};

/** Texts that are no words of their kind, each with its place. */
export function findWordProblems(config: AppConfig, fields: FormattedFields): RuleProblem[] {
  const { build, run, provider = [], volume = [] } = config;
  const words: [Kind, Word[]][] = [
    [IMAGE, [{ path: ["build", "base-image"], text: fields.baseImage }]],
    [IMAGE, (provider ?? []).map(({ build: own }, index) => imageOf(own, index))],
    [PACKAGE, packages(["build", "packages"], build?.packages)],
    [PACKAGE, packages(["build", "meta-packages"], build?.["meta-packages"])],
    [PACKAGE, packages(["run", "packages"], run?.packages)],
    ...(provider ?? []).map((one, index): [Kind, Word[]] => [
      PACKAGE,
      [
        ...packages(["provider", index, "packages"], one.packages),
        ...packages(["provider", index, "connector"], one.connector),
      ],
    ]),
    [REVISION, [{ path: ["build", "git-branch"], text: fields.gitBranch }]],
    [REPOSITORY, [{ path: ["build", "git-url"], text: fields.gitUrl }]],
    [SOURCE, [{ path: ["build", "src-url"], text: fields.srcUrl }]],
    [FOLDER, [{ path: ["build", "project"], text: fields.project }]],
    [REQUIREMENT, listed(["build", "pip-install"], build?.["pip-install"])],
    [
      VOLUME,
      (volume ?? []).map((one, at) => ({ path: ["volume", at, "target"], text: one.target })),
    ],
  ];
  return words.flatMap(([kind, all]) =>
    all
      .filter(({ text }) => text !== "" && !isOfKind(text, kind))
      .map((word) => problem(word, kind)),
  );
}

// --- internal ---

function isOfKind(text: string, { accepts }: Kind): boolean {
  return text.length <= MAX_WORD && accepts.test(text);
}

function problem({ path, text }: Word, { what, hint }: Kind): RuleProblem {
  const shown = text.length <= 80 ? text : `${text.slice(0, 80)}…`;
  return { path, message: `"${shown}" is not ${what}`, hint };
}

/** The orchestrator's braces may stand in it. */
function imageOf(build: AppConfig["build"], index: number): Word {
  const text = build?.["base-image"] ?? "";
  return {
    path: ["provider", index, "build", "base-image"],
    text: text.replace(/\{[^{}]*\}/g, "0"),
  };
}

function listed(path: Path, value: string | string[] | null | undefined): Word[] {
  const isList = Array.isArray(value);
  const texts = isList ? value : [value ?? ""];
  return texts.map((text, index) => ({ path: isList ? [...path, index] : path, text }));
}

/** Several may stand in one text. */
function packages(path: Path, value: string | string[] | null | undefined): Word[] {
  return listed(path, value).flatMap((word) =>
    word.text.split(/\s+/).map((text) => ({ path: word.path, text })),
  );
}
