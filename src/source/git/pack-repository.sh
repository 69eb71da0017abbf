#!/bin/sh
# Makes an archive of a git repository at one revision: its files, those of its submodules, and a
# .git in which tags, `git describe` and `git log` work as in a clone. It runs on this machine, or
# in a container where this machine has no git.
#
#   sh pack-repository.sh ADDRESS REVISION NAME WORK
#
# WORK is an empty folder; the archive is WORK/NAME.tar, with the one folder NAME at its top. What
# is told on standard output: `local PATH` for each repository of this machine that is read,
# `commit ID`, and `subject TEXT`. Exit status 3: there is no such revision; 4: a submodule that
# may not be read.
#
# The same commit becomes the same bytes with the same git: no logs, no hooks, no times, no paths
# and no credentials of the machine that it was made on. Of the history, all commits and folders
# are there, and the contents of files only for that revision, as `git clone --filter=blob:none`
# has it: the pack is one of a "promisor" (gitformat: partial-clone).
set -eu
address=$1 revision=$2 name=$3 work=$4
umask 022
unset CDPATH
repository=$work/$name

is_local() {
  case $1 in
    /* | ./* | ../* | file://*) return 0 ;;
    *) return 1 ;;
  esac
}

# Whether git reads a folder of this machine: the address is one, or whoever builds has set one in
# its place, which `..` must not lead out of.
reads_folder() {
  if is_local "$1"; then return 0; fi
  case $1 in
    */../* | */.. | -*) return 1 ;;
    *) is_local "$(git ls-remote --get-url "$1")" ;;
  esac
}

# What git may read for a repository: one of another machine must not name any of this one.
protocols() {
  if reads_folder "$1"; then echo file:git:http:https:ssh; else echo git:http:https:ssh; fi
}

# --- the repository

git init --quiet --template= "$repository"
cd "$repository"
git remote add origin "$address"
if is_local "$address"; then echo "local $address"; fi
if reads_folder "$address"; then
  # upload-pack may be run on what belongs to others: git-upload-pack(1), SECURITY.
  git config remote.origin.uploadpack \
    "git -c safe.directory=* -c uploadpack.allowFilter=true upload-pack"
fi
GIT_ALLOW_PROTOCOL=$(protocols "$address")
export GIT_ALLOW_PROTOCOL

fetch() {
  # Without quotes: it may be none.
  git fetch --quiet $filter --update-shallow --no-recurse-submodules "$@"
}

# The branch that the repository itself has chosen, where none is asked for.
if [ "$revision" = HEAD ]; then
  told=$(git ls-remote --quiet --symref origin HEAD)
  chosen=$(
    printf '%s\n' "$told" |
      sed -n 's|^ref: refs/heads/\(.*\)	HEAD$|\1|p; s|^\([0-9a-f]*\)	HEAD$|\1|p' | head -n 1
  )
  if [ -z "$chosen" ]; then exit 3; fi
  revision=$chosen
fi

branch=
packets=$work/packets
refs=$(
  GIT_TRACE_PACKET=$packets git ls-remote --quiet origin \
    "refs/heads/$revision" "refs/tags/$revision"
)
# A server that does not filter would be asked for each object that it has not been asked for yet.
filter=
if grep -q '[< =]fetch=.* filter\| filter ' "$packets" 2>/dev/null; then filter=--filter=blob:none; fi
rm -f "$packets"
case "$refs
" in
  *"	refs/heads/$revision
"*)
    branch=$revision
    fetch origin "+refs/heads/$branch:refs/remotes/origin/$branch"
    git checkout --quiet --no-track -B "$branch" "refs/remotes/origin/$branch"
    ;;
  *"	refs/tags/$revision
"*)
    fetch origin "+refs/tags/$revision:refs/tags/$revision"
    git checkout --quiet --detach "refs/tags/$revision^{commit}"
    ;;
  *)
    case $revision in
      *[!0-9a-fA-F]* | ? | ?? | ???) exit 3 ;;
    esac
    fetch --tags origin "+refs/heads/*:refs/remotes/origin/*"
    if ! commit=$(git rev-parse --quiet --verify "$revision^{commit}"); then
      # Not every server gives out commits that no branch leads to.
      fetch origin "$revision" || exit 3
      commit=$(git rev-parse --verify "FETCH_HEAD^{commit}")
    fi
    git checkout --quiet --detach "$commit"
    ;;
esac

# --- submodules

# Those of the work tree in the current folder. $1: its address, $2: how deep it is.
submodules() {
  [ -f .gitmodules ] && [ ! -L .gitmodules ] || return 0
  if [ "$2" -gt 8 ]; then
    echo "submodules within submodules, more than 8 deep" >&2
    exit 4
  fi
  git submodule --quiet init
  git config --file .gitmodules --name-only --get-regexp '^submodule\..*\.path$' |
    while IFS= read -r key; do
      module=${key#submodule.}
      module=${module%.path}
      path=$(git config --file .gitmodules "$key")
      case $(git ls-files --stage -- ":(literal)$path") in
        "160000 "*) ;;
        *) continue ;;
      esac
      url=$(git config "submodule.$module.url") || continue
      if is_local "$url"; then
        if ! is_local "$1"; then
          echo "submodule \"$module\" is at $url, which is no address but a path" >&2
          exit 4
        fi
        echo "local $url"
      fi
      (
        GIT_ALLOW_PROTOCOL=$(protocols "$url")
        update_submodule "$module" "$path"
        cd "$path"
        submodules "$url" "$(($2 + 1))"
        tidy_submodule "$url"
      )
    done
}

# A commit that is no tip, and servers of plain files, need the whole of it.
update_submodule() {
  if git submodule --quiet update --checkout --depth 1 -- "$2" 2>/dev/null; then return 0; fi
  git submodule --quiet deinit --force -- "$2"
  modules=$(git rev-parse --absolute-git-dir)/modules
  case /$1/ in
    */../* | *//*) exit 4 ;;
  esac
  rm -rf "${modules:?}/$1"
  git submodule --quiet init -- "$2"
  git submodule --quiet update --checkout -- "$2"
}

tidy_submodule() {
  own=$(git rev-parse --absolute-git-dir)
  # Once, and without what it was fetched as.
  git repack -q -a -d -f
  git pack-refs --all
  git read-tree HEAD
  if is_local "$1"; then
    git config --remove-section remote.origin || :
  else
    git config remote.origin.url "$(without_credentials "$1")"
  fi
  git config --name-only --get-regexp '^submodule\..*\.url$' | while IFS= read -r key; do
    git config --unset-all "$key"
  done
  tidy "$own"
}

tidy() {
  rm -rf "$1/hooks" "$1/logs" "$1/branches" "$1/description" "$1/info" "$1/FETCH_HEAD" \
    "$1/ORIG_HEAD" "$1/COMMIT_EDITMSG" "$1/gc.log" "$1/objects/info"
  mkdir "$1/objects/info"
}

without_credentials() {
  printf '%s\n' "$1" | sed 's|^\([A-Za-z+]*://\)[^/@]*@|\1|'
}

submodules "$address" 1

# --- what is kept of it

git read-tree HEAD
fresh=$work/kept
mkdir -p "$fresh/objects/pack" "$fresh/objects/info" "$fresh/refs"
pack=$(
  {
    git rev-list --objects --filter=blob:none HEAD
    git for-each-ref --merged=HEAD --format='%(objectname)' refs/tags
    git ls-tree -r HEAD | sed -n 's/^[0-9]* blob \([0-9a-f]*\)	\(.*\)$/\1 \2/p'
  } | git pack-objects --quiet --threads=1 --no-reuse-delta --no-reuse-object \
    "$fresh/objects/pack/pack"
)
: >"$fresh/objects/pack/pack-$pack.promisor"
{
  echo "# pack-refs with: peeled fully-peeled sorted "
  format='%(objectname) %(refname)%(if)%(*objectname)%(then)%0a^%(*objectname)%(end)'
  if [ -n "$branch" ]; then
    git for-each-ref --format="$format" "refs/heads/$branch" "refs/remotes/origin/$branch"
  fi
  git for-each-ref --merged=HEAD --format="$format" refs/tags
} >"$fresh/packed-refs"
if [ -n "$branch" ]; then
  echo "ref: refs/heads/$branch" >"$fresh/HEAD"
else
  git rev-parse HEAD >"$fresh/HEAD"
fi
{
  printf '[core]\n\trepositoryformatversion = 1\n\tfilemode = true\n\tbare = false\n'
  printf '[extensions]\n\tpartialClone = origin\n'
  printf '[remote "origin"]\n\tpromisor = true\n\tpartialclonefilter = blob:none\n'
  is_local "$address" || {
    printf '\tfetch = +refs/heads/*:refs/remotes/origin/*\n'
  }
} >"$fresh/config"
if ! is_local "$address"; then
  git config --file "$fresh/config" remote.origin.url "$(without_credentials "$address")"
fi
git config --name-only --get-regexp '^submodule\..*\.active$' | while IFS= read -r key; do
  git config --file "$fresh/config" "$key" true
done
for file in index shallow modules; do
  [ ! -e ".git/$file" ] || mv ".git/$file" "$fresh/$file"
done
commit=$(git rev-parse HEAD)
time=$(git log --max-count=1 --format=%ct)
echo "commit $commit"
git log --max-count=1 --format='subject %s'
rm -rf .git
mv "$fresh" .git

# --- the archive

cd "$work"
tar --create --format=gnu --sort=name --mtime="@$time" --owner=0 --group=0 --numeric-owner \
  --mode=u+rwX,go+rX,go-w,a-s --file="$name.tar" -- "./$name"
rm -rf "$repository"
