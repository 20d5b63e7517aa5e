#!/usr/bin/env bash
# Fetches what scripts/list-sources.mjs lists into a folder, as scripts/refresh-data.mjs reads it: `fetch-sources.sh SNAPSHOT`.
# Needs gh and a token that may read public repositories. An answer other than "found" and "not found" ends it.
set -euo pipefail
snapshot=$1
mkdir -p "$snapshot/files"
list=$snapshot/list.tsv
node "$(dirname "$0")/list-sources.mjs" > "$list"

# ask FILE ADDRESS…: writes the answer; fails if there is no such thing, ends the script on any other error.
ask() {
  local file=$1 error=$snapshot/error.txt
  shift
  gh api "$@" > "$file" 2> "$error" && return 0
  rm -f "$file"
  grep -Eq 'HTTP (404|422)' "$error" && return 1
  echo "gh api $*: $(cat "$error")" >&2
  exit 1
}

# fetch REPOSITORY COMMIT PATH…: what of a commit is there.
fetch() {
  local repository=$1 commit=$2 path folder=$snapshot/files/$1/$2
  shift 2
  ask "$snapshot/answer" "repos/$repository/commits/$commit" --jq .sha || return 0
  mkdir -p "$folder"
  touch "$folder/.fetched"
  for path in "$@"; do
    mkdir -p "$folder/$(dirname "$path")"
    ask "$folder/$path" -H "Accept: application/vnd.github.raw+json" "repos/$repository/contents/$path?ref=$commit" || true
  done
}

# paths REPOSITORY REF: the paths listed for it.
paths() { awk -F '\t' -v repository="$1" -v ref="$2" '$1 == repository && $2 == ref { print $3 }' "$list"; }

: > "$snapshot/heads.tsv"
for repository in $(cut -f 1 "$list" | sort -u); do
  ask "$snapshot/answer" "repos/$repository" --jq .default_branch || continue
  branch=$(cat "$snapshot/answer")
  ask "$snapshot/answer" "repos/$repository/commits/$branch" --jq .sha || continue
  commit=$(cat "$snapshot/answer")
  printf '%s\t%s\t%s\n' "$repository" "$branch" "$commit" >> "$snapshot/heads.tsv"
  mapfile -t today < <(paths "$repository" HEAD)
  fetch "$repository" "$commit" "${today[@]}"
  for read in $(awk -F '\t' -v repository="$repository" '$1 == repository { print $2 }' "$list" | sort -u); do
    [ "$read" != HEAD ] && [ "$read" != RELEASES ] || continue
    mapfile -t then < <(paths "$repository" "$read")
    fetch "$repository" "$read" "${then[@]}"
  done
  mapfile -t matrices < <(paths "$repository" RELEASES)
  [ "${#matrices[@]}" -gt 0 ] || continue
  ask "$snapshot/branches" --paginate "repos/$repository/git/matching-refs/heads/release" --jq '.[] | [.ref, .object.sha] | @tsv' || continue
  while IFS=$'\t' read -r ref commit; do
    printf '%s\t%s\t%s\n' "$repository" "${ref#refs/heads/}" "$commit" >> "$snapshot/heads.tsv"
    fetch "$repository" "$commit" "${matrices[@]}"
  done < "$snapshot/branches"
done
