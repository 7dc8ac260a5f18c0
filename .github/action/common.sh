# What the steps of action.yml share, to be sourced. It must work in bash 3.2, which macOS has.
# shellcheck shell=bash
set -euo pipefail

# A text with every character replaced that could command the runner.
shown() {
  printf '%.100s' "$1" | LC_ALL=C tr -c 'A-Za-z0-9._/\\:@=,+~ -' '?'
}

# fail CODE TITLE MESSAGE: ends the step with one annotation.
fail() {
  printf '::error title=deploygate %s::%s\n' "$2" "$3"
  exit "$1"
}

# refuse INPUT MESSAGE: ends the step with the exit code of wrong usage.
refuse() {
  fail 2 "input $1" "input $1: $2"
}

# output NAME VALUE: sets an output of the step; the value has one line.
output() {
  printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}

# A text without white space at its ends.
trim() {
  local text=$1
  text=${text#"${text%%[![:space:]]*}"}
  printf '%s' "${text%"${text##*[![:space:]]}"}"
}
