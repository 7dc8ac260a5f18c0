#!/usr/bin/env bash
# Checks what the program cannot see: inputs of the action that are no options of it, and what would only show later.
. "${BASH_SOURCE[0]%/*}/common.sh"

# The runner warns of an unknown input and goes on; the gate would judge by other limits than those that were meant.
known=$(sed -n '/^inputs:/,/^outputs:/s/^  \([a-z-]*\):$/\1/p' "$GITHUB_ACTION_PATH/action.yml")
newline=$'\n'
while IFS= read -r name; do
  case $newline$known$newline in
    *"$newline$name$newline"*) ;;
    *) refuse "$(shown "$name")" "there is no such input; there are $(printf '%s' "$known" | tr '\n' ' ')" ;;
  esac
  # the runner takes their names in any case
done < <(printf '%s\n' "$GATE_INPUTS" | sed -n 's/^ *"\([^"]*\)": .*/\1/p' | tr '[:upper:]' '[:lower:]')

[ -n "$(trim "$GATE_TARGETS")" ] || refuse targets "no target is given: write KIND/NAME, one a line, e.g. deploy/app"

# truth NAME VALUE: checks a boolean, which is a text here.
truth() {
  case $2 in
    '' | true | false) ;;
    *) refuse "$1" "$(shown "$2") is neither true nor false" ;;
  esac
}
truth quiet "$GATE_QUIET"
truth verbose "$GATE_VERBOSE"

if [ -n "$GATE_VERSION" ]; then
  [ -z "$GATE_BINARY_PATH" ] || refuse binary-path "it excludes the input version: the program is there, or downloaded"
  [[ $GATE_VERSION =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] ||
    refuse version "$(shown "$GATE_VERSION") is no version: write it like 0.1.0"
fi

# A kubeconfig that is missing is wrong usage here, which no fail-on lets pass.
separator=:
[ "$RUNNER_OS" != Windows ] || separator=';'
kubeconfigs=${GATE_KUBECONFIG:-${DEPLOYGATE_KUBECONFIG:-${KUBECONFIG:-}}}
if [ -n "$GATE_KUBECONFIG" ]; then
  [ -f "$GATE_KUBECONFIG" ] || refuse kubeconfig "there is no file $(shown "$GATE_KUBECONFIG")"
elif [ -n "$kubeconfigs" ]; then
  IFS=$separator read -r -a files <<<"$kubeconfigs"
  found=
  for file in "${files[@]}"; do [ ! -f "$file" ] || found=yes; done
  [ -n "$found" ] || refuse kubeconfig "it is empty, and KUBECONFIG names no file that is there: $(shown "$kubeconfigs")"
elif [ -z "${KUBERNETES_SERVICE_HOST:-}" ]; then
  [ -f "${HOME:-${USERPROFILE:-}}/.kube/config" ] ||
    refuse kubeconfig "it is empty, KUBECONFIG is not set, and there is no ~/.kube/config: the cluster is not known"
fi

# What `fail-on` leaves out is tolerated. An input without a word was left empty by an expression: nothing is tolerated.
failing=,
while IFS= read -r word; do
  word=$(trim "$word")
  case $word in
    '') ;;
    failed | timed_out | inconclusive | superseded | none) failing+=$word, ;;
    'timed out') failing+=timed_out, ;;
    *) refuse fail-on "$(shown "$word") is none of failed, timed_out, inconclusive, superseded, none" ;;
  esac
done < <(printf '%s\n' "$GATE_FAIL_ON" | tr ',' '\n')
tolerated=
if [ "$failing" != , ]; then
  for verdict in failed timed_out inconclusive superseded; do
    case $failing in
      *",$verdict,"*) ;;
      *) tolerated+=${tolerated:+,}$verdict ;;
    esac
  done
fi
output tolerated "$tolerated"
