#!/usr/bin/env bash
# Prints a message for a Slack webhook, made from the JSON report: slack.sh reports/deploygate.json. To send it:
#   slack.sh reports/deploygate.json | curl -q --fail --silent --show-error --json @- "$SLACK_WEBHOOK"
# Text of the cluster stands in plain text alone, so that no log line can mention anyone or make a link. RUN_URL, if set, is linked.
# For other webhooks (Teams, Mattermost, a service of your own), change what is below `| {`.
set -euo pipefail
report=${1:?missing report: slack.sh reports/deploygate.json}
jq --arg run "${RUN_URL:-}" '
  def plain($limit): {type: "plain_text", emoji: false, text: (if length > $limit then .[:$limit - 1] + "…" else . end)};
  def icon: {passed: "✅", failed: "❌", timed_out: "⏱️", superseded: "↩️"}[.] // "⚠️";
  def title: "\(.kind)/\(.name) (\(.namespace)\(if .context then " @ " + .context else "" end))";
  [.targets[] | select(.verdict != "passed")] as $bad
  | ((.verdict | icon) + " " + (.verdict | ascii_upcase | gsub("_"; " ")) + ": "
    + (if (.targets | length) == 1 then (.targets[0] | title) else "\($bad | length) of \(.targets | length) targets" end)) as $headline
  | {
      text: ($headline | gsub("&"; "&amp;") | gsub("<"; "&lt;") | gsub(">"; "&gt;")),
      blocks: (
        [{type: "header", text: ($headline | plain(150))}]
        + [$bad[:5][] | {type: "section", text: (
            [title, .reason, (.next_step | values | "Next: " + .), (.undo | values | "Undo: " + .)] | join("\n") | plain(2900))}]
        + (if ($bad | length) > 5 then [{type: "context", elements: ["and \(($bad | length) - 5) more" | plain(100)]}] else [] end)
        + (if $run == "" then [] else [{type: "actions", elements: [{type: "button", text: ("Open the run" | plain(75)), url: $run}]}] end)
      )
    }' "$report"
