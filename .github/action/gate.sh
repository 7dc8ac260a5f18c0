#!/usr/bin/env bash
# Runs the program in place of this shell, with the inputs as its options.
. "${BASH_SOURCE[0]%/*}/common.sh"

shopt -s extglob
newline=$'\n'
arguments=()

# option NAME VALUE: an option, if it has a value.
option() {
  [ -z "$2" ] || arguments+=("--$1=$2")
}

# options NAME LINES: the same option for each line.
options() {
  local line
  while IFS= read -r line; do
    option "$1" "$(trim "$line")"
  done < <(printf '%s\n' "$2")
}

# flag NAME VALUE: an option without a value.
flag() {
  [ "$2" != true ] || arguments+=("--$1")
}

options filename "$GATE_FILENAME"
flag recursive "$GATE_RECURSIVE"
option selector "$GATE_SELECTOR"
flag all-namespaces "$GATE_ALL_NAMESPACES"
options helm-release "$GATE_HELM_RELEASE"
option namespace "$GATE_NAMESPACE"
options context "$GATE_CONTEXT"
option kubeconfig "$GATE_KUBECONFIG"
option await "$GATE_AWAIT"
option timeout "$GATE_TIMEOUT"
option window "$GATE_WINDOW"
option max-restarts "$GATE_MAX_RESTARTS"
options grace "$GATE_GRACE"
options ignore-container "$GATE_IGNORE_CONTAINER"
option min-ready "$GATE_MIN_READY"
flag accept-pause "$GATE_ACCEPT_PAUSE"
flag keep-going "$GATE_KEEP_GOING"
option on-failure "$GATE_ON_FAILURE"
option condition "$GATE_CONDITION"
options expect-image "$GATE_EXPECT_IMAGE"
options expect-label "$GATE_EXPECT_LABEL"
option policy "$GATE_POLICY"
flag no-annotations "$GATE_NO_ANNOTATIONS"
options report "$GATE_REPORT"
# the comment is made from a Markdown report
case $GATE_COMMENT-$newline$GATE_REPORT in
  true-*"${newline}"*([[:space:]])markdown=*) ;;
  true-*) option report "markdown=$RUNNER_TEMP/deploygate-comment.md" ;;
esac
option log-lines "$GATE_LOG_LINES"
option record "$GATE_RECORD"
options redact "$GATE_REDACT"
flag quiet "$GATE_QUIET"
flag verbose "$GATE_VERBOSE"
option color "$GATE_COLOR"

arguments+=(--)
while IFS= read -r line; do
  line=$(trim "$line")
  [ -z "$line" ] || arguments+=("$line")
done < <(printf '%s\n' "$GATE_TARGETS")

exec "$GATE_PROGRAM" wait "${arguments[@]}"
