#!/usr/bin/env bash
# Keeps one comment of the pull request up to date: the Markdown report, by the runner's `gh`. Whatever goes wrong here is a warning,
# since the verdict is another step's.
. "${BASH_SOURCE[0]%/*}/common.sh"

skip() {
  printf '::%s title=deploygate comment::%s\n' "$1" "$2"
  exit 0
}
case $GATE_PULL_REQUEST in
  '' | *[!0-9]*) skip notice "no comment: this run is not for a pull request" ;;
esac
command -v gh >/dev/null || skip warning "no comment: gh is not installed on this runner"
report=${GATE_MARKDOWN:-$RUNNER_TEMP/deploygate-comment.md}
[ -s "$report" ] || skip warning "no comment: there is no Markdown report"

# One comment for each job and what it judges, so that the jobs of a matrix have their own.
if command -v sha256sum >/dev/null; then hash=(sha256sum); else hash=(shasum -a 256); fi
key=$(printf '%s\n' "${GITHUB_WORKFLOW:-}" "${GITHUB_JOB:-}" "$GATE_TARGETS" "$GATE_FILENAME" "$GATE_SELECTOR" "$GATE_HELM_RELEASE" \
  "$GATE_NAMESPACE" "$GATE_CONTEXT" | "${hash[@]}")
# It counts only as the first line of a comment that this token has written: no text of a report can stand there.
MARKER="<!-- deploygate ${key:0:32} -->"
export MARKER

# A comment holds 65,536 characters. A longer report is cut where neither a code block nor a fold is open.
body=$RUNNER_TEMP/deploygate-comment-body.md
{
  printf '%s\n' "$MARKER"
  LC_ALL=C awk -v limit=60000 '
    { size += length($0) + 1 }
    size > limit { was_cut = 1; exit }
    { line[NR] = $0 }
    fence == "" && /^`{3}/ { match($0, /^`+/); fence = substr($0, 1, RLENGTH); next }
    fence != "" { if ($0 ~ /^`+[ ]*$/ && length($0) >= length(fence)) fence = ""; next }
    /^<details/ { open++ }
    /<\/details>/ { open-- }
    open == 0 && $0 == "" { safe = NR }
    END {
      last = was_cut ? safe : NR
      for (number = 1; number <= last; number++) print line[number]
      if (was_cut) print "\nThe rest is left out here: see the summary of the run."
    }' "$report"
  printf '\n[Run %s](%s)\n' "${GITHUB_RUN_ID:-}" "${GITHUB_SERVER_URL:-}/${GITHUB_REPOSITORY:-}/actions/runs/${GITHUB_RUN_ID:-}"
} >"$body"

# shellcheck disable=SC2016 # variables of GraphQL
query='query($owner: String!, $name: String!, $number: Int!, $endCursor: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) {
    comments(first: 100, after: $endCursor) { nodes { databaseId body viewerDidAuthor } pageInfo { hasNextPage endCursor } } } } }'
# shellcheck disable=SC2016 # a variable of jq
own='.data.repository.pullRequest.comments.nodes[] | select(.viewerDidAuthor and (.body | startswith($ENV.MARKER))) | .databaseId'
comments=repos/$GITHUB_REPOSITORY/issues
hint="does the job have the permission pull-requests: write? Runs for forks never have it"
ids=$(gh api graphql --paginate -F number="$GATE_PULL_REQUEST" -f owner="${GITHUB_REPOSITORY%%/*}" -f name="${GITHUB_REPOSITORY#*/}" \
  -f query="$query" --jq "$own") || skip warning "failed to read the pull request's comments: $hint"
id=${ids%%$'\n'*}
if [[ $id =~ ^[0-9]+$ ]]; then
  gh api --silent --method PATCH "$comments/comments/$id" -F body=@"$body" || skip warning "failed to update the comment: $hint"
else
  gh api --silent --method POST "$comments/$GATE_PULL_REQUEST/comments" -F body=@"$body" || skip warning "failed to comment: $hint"
fi
