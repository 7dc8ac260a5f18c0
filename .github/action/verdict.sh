#!/usr/bin/env bash
# Turns a verdict that `fail-on` leaves out into a warning. Anything that is not exactly such a verdict fails.
. "${BASH_SOURCE[0]%/*}/common.sh"

case $GATE_OUTCOME-$GATE_VERDICT-$GATE_EXIT_CODE in
  success-passed-0) exit ;;
  failure-failed-1 | failure-timed_out-4 | failure-inconclusive-3 | failure-superseded-5)
    case ",$GATE_TOLERATED," in
      *",$GATE_VERDICT,"*)
        printf '::warning title=deploygate %s::the verdict is %s, which fail-on does not list\n' "$GATE_VERDICT" "$GATE_VERDICT"
        exit
        ;;
    esac
    exit "$GATE_EXIT_CODE"
    ;;
  failure-interrupted-130 | failure-interrupted-143) exit "$GATE_EXIT_CODE" ;;
esac
fail 3 "no verdict" "deploygate ended without a verdict, which always fails the step"
