/** The archive of the source unpacked, or its repository cloned. */
import { GIT_SOURCE, SOURCE_ARCHIVE, type SourcePlan } from "../../protocol/agent-input.ts";
import type { Action, Facts } from "../action.ts";
import { installTemporary } from "../apt.ts";
import { type Command, run } from "../command.ts";
import { BUILD, PYTHON } from "../layout.ts";

/** The app's source where it does not come with the app's folder. */
export const source: Action = {
  name: "source",
  describe({ input: { source } }) {
    if (source.kind === "local") return null;
    return source.kind === "archive" ? "Unpack the source" : `Clone ${source.url}`;
  },
  commands: (facts) =>
    facts.input.source.kind === "archive"
      ? unpackArchive(facts, facts.input.source)
      : cloneRepository(facts),
};

// --- internal ---

/** Where nua-build has named no limits. */
const NO_LIMITS = { bytes: Number.MAX_SAFE_INTEGER, files: Number.MAX_SAFE_INTEGER };

function unpackArchive(
  { context }: Facts,
  { dir, limits = NO_LIMITS }: Extract<SourcePlan, { kind: "archive" }>,
): Command[] {
  const archive = `${context ?? BUILD}/${SOURCE_ARCHIVE}`;
  const most = [limits.bytes, limits.files].map((limit) => String(Math.floor(limit)));
  const words = [PYTHON, "-m", "nua.lib.unpack_source", archive, BUILD, dir, ...most];
  // What is wrong with an archive is nothing that the build has done.
  const unpack = run(words, { user: "nua", cwd: BUILD, from: "build.src-url", blames: "input" });
  return context === null ? [unpack, run(["rm", "-f", archive])] : [unpack];
}

/**
 * A branch or a tag is fetched alone; not every server gives out single commits. Nothing in what
 * git keeps tells when that was: no log of references, and an index without the files' times.
 */
const CLONE = `set -e
git init --quiet "$3"
cd "$3"
git config core.logAllRefUpdates false
git remote add origin "$1"
if git fetch --quiet --depth 1 origin "$2"; then
  git checkout --quiet --detach FETCH_HEAD
else
  git fetch --quiet --tags origin
  git checkout --quiet --detach "$2"
fi
git -c core.logAllRefUpdates=false submodule --quiet update --init --recursive --depth 1
git read-tree HEAD
git submodule --quiet foreach --recursive git read-tree HEAD
git log --max-count=1 --format='%H %s'`;

function cloneRepository(facts: Facts): Command[] {
  const { input, tree, scratch } = facts;
  if (input.source.kind !== "git") return [];
  const { url, branch, dir } = input.source;
  const staged = `${facts.context ?? BUILD}/${GIT_SOURCE}`;
  const copy = `${scratch}/${GIT_SOURCE}`;
  const isStaged = tree.exists(staged);
  // A copy, because git refuses a repository that belongs to somebody else.
  const adopt = [
    run(["cp", "--recursive", "--", staged, copy]),
    run(["chown", "--recursive", "nua:nua", copy]),
    ...(facts.context === null ? [run(["rm", "-rf", staged])] : []),
  ];
  return [
    ...installTemporary(["git"], tree),
    ...(isStaged ? adopt : []),
    run(["bash", "-c", CLONE, "clone", isStaged ? copy : url, branch, dir], {
      ...{ user: "nua", cwd: BUILD, from: "build.git-url" },
      env: { GIT_TERMINAL_PROMPT: "0", GIT_ALLOW_PROTOCOL: "file:git:http:https:ssh" },
    }),
  ];
}
