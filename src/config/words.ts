/** Checks values that become arguments of commands: none may look like an option. Pure. */
import {
  APP_PATH,
  COMMAND_WORD,
  EMPTIED_FOLDER,
  MAX_PATH,
  PACKAGE_NAME,
  type WordKind,
} from "../protocol/words.ts";
import type { RuleProblem } from "./normalize.ts";
import type { FormattedFields } from "./rendered.ts";
import type { AppConfig } from "./schema.ts";
import type { Path } from "./source-map.ts";

interface Word {
  path: Path;
  /** The text as it is written, or as its braces have made it. */
  text: string;
  /** Where it is one of several in a text. */
  excerpt?: NonNullable<RuleProblem["excerpt"]>;
}

/** One of the kinds that the agent checks again, or one that only the host has to do with. */
interface Kind extends WordKind {
  hint: string;
}

/** Source: the reference grammar of the distribution project. */
const IMAGE: Kind = {
  accepts: matching(
    /^(?:(?:[a-z\d][a-z\d.-]*|\[[\da-f:]+\])(?::\d{1,5})?\/)?[a-z\d]+(?:(?:\.|__?|-+)[a-z\d]+)*(?:\/[a-z\d]+(?:(?:\.|__?|-+)[a-z\d]+)*)*(?::\w[\w.-]{0,127})?(?:@[a-z\d]+:[\da-f]{32,128})?$/,
  ),
  what: "the name of an image",
  hint: "write it as the engine does, such as docker.io/library/redis:7.0",
};

const PACKAGE: Kind = {
  ...PACKAGE_NAME,
  hint: "write it as apt install has it, without options: a name, name=version or name:architecture",
};

/** Source: git-check-ref-format(1); a commit is one, too. */
const REVISION: Kind = {
  accepts: matching(/^(?!-)(?!.*\.\.)(?!.*@\{)[^\s~^:?*[\\\p{Cc}]+$/u),
  what: "a branch, tag or commit",
  hint: "write it as git does, such as main or v1.2",
};

/** Others are commands for git's helpers: gitremote-helpers(7), `ext::sh -c …`. */
const REPOSITORY: Kind = {
  accepts: matching(
    /^(?:(?:https?|ssh|git|file):\/\/[^\s\p{Cc}]+|[a-z\d_][^\s\p{Cc}:/]*:[^\s\p{Cc}:][^\s\p{Cc}]*|\.{0,2}\/[^\p{Cc}]*)$/iu,
  ),
  what: "the address of a git repository",
  hint: "write https://…, ssh://…, user@host:path, or a path that begins with ./ or /",
};

const SOURCE: Kind = {
  accepts: matching(/^(?:(?:https?|file):\/\/[^\s\p{Cc}]+|(?!-)(?!\w+:\/\/)[^\p{Cc}]+)$/iu),
  what: "the address of an archive",
  hint: "write https://…, file:///… or a path in the app's folder",
};

/** Whether it is one of the app's own is seen where the files are. */
const FOLDER: Kind = {
  accepts: matching(/^(?:https?:\/\/[^\s\p{Cc}]+|(?!-)(?!\w+:\/\/)[^\p{Cc}]+)$/iu),
  what: "a folder of the source",
  hint: "write its path below the app's folder",
};

const SCRIPT: Kind = {
  ...APP_PATH,
  hint: "write it relative to the app's folder, such as tools/build.py",
};

const DOCUMENT_ROOT: Kind = {
  ...EMPTIED_FOLDER,
  hint: "everything in it is removed: name a folder such as public or /var/www",
};

const LINE: Kind = { ...COMMAND_WORD, hint: "put it into a script of the app" };

const VOLUME: Kind = {
  accepts: matching(/^\/(?!.*(?:^|\/)\.\.?(?:\/|$))[^\p{Cc}:]*[^\p{Cc}:/]\/*$/u),
  what: "a folder in the container",
  hint: "write an absolute path without .. and colons, such as /var/lib/app",
};

const REQUIREMENT: Kind = {
  accepts: matching(/^[^\p{Cc}]+$/u),
  what: "a requirement",
  hint: "write one requirement an item, as in requirements.txt",
};

/** Texts that are no words of their kind, each with its place. */
export function findWordProblems(config: AppConfig, fields: FormattedFields): RuleProblem[] {
  const { build, run, healthcheck } = config;
  const provider = config.provider ?? [];
  const volume = config.volume ?? [];
  const words: [Kind, Word[]][] = [
    [IMAGE, [{ path: ["build", "base-image"], text: fields.baseImage }]],
    [IMAGE, [{ path: ["build", "linux-base"], text: build?.["linux-base"] ?? "" }]],
    [IMAGE, provider.map(({ build: own }, index) => imageOf(own, index))],
    [PACKAGE, packages(["build", "packages"], build?.packages)],
    [PACKAGE, packages(["build", "meta-packages"], build?.["meta-packages"])],
    [PACKAGE, packages(["run", "packages"], run?.packages)],
    ...provider.map((one, index): [Kind, Word[]] => [
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
    [SCRIPT, listed(["build", "build-script"], build?.["build-script"])],
    [SCRIPT, listed(["run", "start-script"], run?.["start-script"])],
    [DOCUMENT_ROOT, listed(["build", "document-root"], build?.["document-root"])],
    [REQUIREMENT, listed(["build", "pip-install"], build?.["pip-install"])],
    [VOLUME, volume.map((one, at) => ({ path: ["volume", at, "target"], text: one.target }))],
    [LINE, listed(["build", "before-build"], build?.["before-build"])],
    [
      LINE,
      listed(["build", "build"], Array.isArray(build?.build) ? fields.build : fields.build[0]),
    ],
    [LINE, listed(["build", "test"], build?.test)],
    [LINE, listed(["run", "before-run"], run?.["before-run"])],
    [LINE, listed(["run", "start"], run?.start)],
    [LINE, listed(["healthcheck", "command"], healthcheck?.command)],
  ];
  return words.flatMap(([kind, all]) =>
    all.filter(({ text }) => text !== "" && !kind.accepts(text)).map((word) => problem(word, kind)),
  );
}

// --- internal ---

/** A bounded text of this pattern. */
function matching(pattern: RegExp): WordKind["accepts"] {
  return (text) => text.length <= MAX_PATH && pattern.test(text);
}

function problem({ text, ...place }: Word, { what, hint }: Kind): RuleProblem {
  const shown = text.length <= 80 ? text : `${text.slice(0, 80)}…`;
  return { ...place, message: `"${shown}" is not ${what}`, hint };
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
  return listed(path, value).flatMap(({ path: place, text }) =>
    [...text.matchAll(/\S+/g)].map((found) => ({
      path: place,
      text: found[0],
      ...(found[0] === text ? {} : { excerpt: { text, index: found.index } }),
    })),
  );
}
