#!/usr/bin/env bash
# Checks what the program cannot: inputs that are not its options, and mistakes that would only show later.
. "${BASH_SOURCE[0]%/*}/common.sh"

# The runner only warns of an unknown input, and deploygate would judge by other limits than intended.
known=$(sed -n '/^inputs:/,/^outputs:/s/^  \([a-z-]*\):$/\1/p' "$GITHUB_ACTION_PATH/action.yml")
newline=$'\n'
while IFS= read -r name; do
  case $newline$known$newline in
    *"$newline$name$newline"*) ;;
    *) refuse "$(shown "$name")" "unknown input; inputs: $(printf '%s' "$known" | tr '\n' ' ')" ;;
  esac
  # the runner ignores the case of their names
done < <(printf '%s\n' "$GATE_INPUTS" | sed -n 's/^ *"\([^"]*\)": .*/\1/p' | tr '[:upper:]' '[:lower:]')

selected=$GATE_SELECTOR$GATE_HELM_RELEASE
[ "$GATE_ALL_NAMESPACES" != true ] || selected+=all
[ -n "$(trim "$GATE_TARGETS$GATE_FILENAME$selected$GATE_POLICY")" ] || [ -e deploygate.yaml ] ||
  refuse targets "missing target: expected KIND/NAME, e.g. deploy/app, or the input filename, selector or helm-release"

# truth NAME VALUE: checks a boolean, which arrives as text.
truth() {
  case $2 in
    '' | true | false) ;;
    *) refuse "$1" "invalid value $(shown "$2"): expected true or false" ;;
  esac
}
truth accept-pause "$GATE_ACCEPT_PAUSE"
truth keep-going "$GATE_KEEP_GOING"
truth no-annotations "$GATE_NO_ANNOTATIONS"
truth recursive "$GATE_RECURSIVE"
truth all-namespaces "$GATE_ALL_NAMESPACES"
truth quiet "$GATE_QUIET"
truth comment "$GATE_COMMENT"
truth verbose "$GATE_VERBOSE"

if [ -n "$GATE_VERSION" ]; then
  [ -z "$GATE_BINARY_PATH" ] || refuse binary-path "it cannot be used with the input version"
  [[ $GATE_VERSION =~ ^(v?[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?|latest)$ ]] ||
    refuse version "invalid version $(shown "$GATE_VERSION"): expected e.g. 0.1.0, or latest"
fi

# A missing kubeconfig is wrong usage here, which fails the step whatever fail-on says.
separator=:
[ "$RUNNER_OS" != Windows ] || separator=';'
kubeconfigs=${GATE_KUBECONFIG:-${DEPLOYGATE_KUBECONFIG:-${KUBECONFIG:-}}}
if [ -n "$GATE_KUBECONFIG" ]; then
  [ -f "$GATE_KUBECONFIG" ] || refuse kubeconfig "file not found: $(shown "$GATE_KUBECONFIG")"
elif [ -n "$kubeconfigs" ]; then
  IFS=$separator read -r -a files <<<"$kubeconfigs"
  found=
  for file in "${files[@]}"; do [ ! -f "$file" ] || found=yes; done
  [ -n "$found" ] || refuse kubeconfig "it is empty, and no file of KUBECONFIG was found: $(shown "$kubeconfigs")"
elif [ -z "${KUBERNETES_SERVICE_HOST:-}" ]; then
  [ -f "${HOME:-${USERPROFILE:-}}/.kube/config" ] ||
    refuse kubeconfig "it is empty, KUBECONFIG is not set, and ~/.kube/config was not found"
fi

# Verdicts that `fail-on` leaves out are tolerated. If it has no word at all, an expression left it empty: nothing is tolerated.
failing=,
while IFS= read -r word; do
  word=$(trim "$word")
  case $word in
    '') ;;
    failed | timed_out | inconclusive | superseded | none) failing+=$word, ;;
    'timed out') failing+=timed_out, ;;
    *) refuse fail-on "invalid value $(shown "$word"): expected failed, timed_out, inconclusive, superseded or none" ;;
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
