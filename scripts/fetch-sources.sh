#!/usr/bin/env bash
# Fetches what scripts/list-sources.mjs lists into a folder, as scripts/refresh-data.mjs reads it: `fetch-sources.sh SNAPSHOT`.
# Needs gh and a token that may read public repositories. An answer other than "found" and "not found" ends it.
set -euo pipefail
snapshot=$1
mkdir -p "$snapshot/files"
list=$snapshot/list.tsv
# How the vendor's branches of coming releases begin, by its workflows and scripts (data/README.md).
release_branches=(docs-rel- release-)
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

# fetch_partials REPOSITORY COMMIT: all partials of a commit of which a fetched file includes one. A file of a partial may be
# named otherwise than the partial, so that the whole folder is asked for, in one request.
fetch_partials() {
  local folder=$snapshot/files/$1/$2 path text
  grep -rqE '<PartialsComponent|_partials/' "$folder" 2> /dev/null || return 0
  ask "$snapshot/partials" graphql -f "owner=${1%/*}" -f "name=${1#*/}" -f "expression=$2:_partials" -f "query=$partials_query" \
    --jq 'def files($at): .entries[]? as $each | if $each.object.text then [$at + $each.name, ($each.object.text | @base64)] | @tsv
      else $each.object | files($at + $each.name + "/") end; .data.repository.object | files("_partials/")' || return 0
  while IFS=$'\t' read -r path text; do
    mkdir -p "$folder/$(dirname "$path")"
    base64 --decode <<< "$text" > "$folder/$path"
  done < "$snapshot/partials"
}
blob='... on Blob { text }'
tree() { printf '... on Tree { entries { name object { %s %s } } }' "$blob" "$1"; }
partials_query="query(\$owner: String!, \$name: String!, \$expression: String!) {
  repository(owner: \$owner, name: \$name) { object(expression: \$expression) { $(tree "$(tree "$(tree '')")") } } }"

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
  fetch_partials "$repository" "$commit"
  for read in $(awk -F '\t' -v repository="$repository" '$1 == repository { print $2 }' "$list" | sort -u); do
    [ "$read" != HEAD ] && [ "$read" != RELEASES ] || continue
    mapfile -t then < <(paths "$repository" "$read")
    fetch "$repository" "$read" "${then[@]}"
    [ ! -e "$snapshot/files/$repository/$read" ] || fetch_partials "$repository" "$read"
  done
  mapfile -t matrices < <(paths "$repository" RELEASES)
  [ "${#matrices[@]}" -gt 0 ] || continue
  for prefix in "${release_branches[@]}"; do
    ask "$snapshot/branches" --paginate "repos/$repository/git/matching-refs/heads/$prefix" --jq '.[] | [.ref, .object.sha] | @tsv' || continue
    while IFS=$'\t' read -r ref commit; do
      printf '%s\t%s\t%s\n' "$repository" "${ref#refs/heads/}" "$commit" >> "$snapshot/heads.tsv"
      fetch "$repository" "$commit" "${matrices[@]}"
    done < "$snapshot/branches"
  done
done
