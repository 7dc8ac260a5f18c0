#!/usr/bin/env bash
# GitLab: keeps one note of the merge request up to date with the Markdown report. Run it in a job after deploygate's, with
# `when: always`, in an image that has bash, curl and jq:
#   note:
#     stage: .post
#     image: alpine:3.22
#     needs: [{job: deploygate, artifacts: true}]
#     rules: [{if: $CI_MERGE_REQUEST_IID, when: always}]
#     before_script: [apk add --no-cache bash curl jq]
#     script: [bash examples/gitlab/note.sh reports/deploygate.md]
# DEPLOYGATE_NOTE_TOKEN is a masked variable with a project access token of the scope `api`: job tokens cannot write notes.
set -euo pipefail
report=${1:?missing report: note.sh reports/deploygate.md}
: "${DEPLOYGATE_NOTE_TOKEN:?it must be a token of the scope api}" "${CI_MERGE_REQUEST_IID:?this pipeline is not for a merge request}"
notes=$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID/notes
# the token comes from stdin, so that no list of processes shows it
api() { printf 'header = "PRIVATE-TOKEN: %s"\n' "$DEPLOYGATE_NOTE_TOKEN" | curl -q --fail --silent --show-error --max-time 60 --config - "$@"; }

# It counts only at the start of a note that this token's user has written: no text of a report can stand there.
marker='<!-- deploygate -->'
user=$(api "$CI_API_V4_URL/user" | jq .id)
id='' page=1
while [ -z "$id" ]; do
  found=$(api "$notes?sort=asc&per_page=100&page=$page")
  [ "$(jq length <<<"$found")" -gt 0 ] || break
  id=$(jq --argjson user "$user" --arg marker "$marker" \
    'map(select(.author.id == $user and (.body | startswith($marker)))) | first | .id // empty' <<<"$found")
  page=$((page + 1))
done
body=$(mktemp)
trap 'rm -f "$body"' EXIT
{ printf '%s\n' "$marker"; cat "$report"; } | jq --raw-input --slurp '{body: .}' >"$body"
if [ -n "$id" ]; then set -- --request PUT "$notes/$id"; else set -- --request POST "$notes"; fi
api "$@" --header 'Content-Type: application/json' --data "@$body" >/dev/null
