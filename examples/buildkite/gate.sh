#!/usr/bin/env bash
# Runs deploygate, and shows its Markdown report on the build's page.
set -uo pipefail
bash examples/ci/install.sh bin || exit
PATH=$PWD/bin:$PATH
code=0
deploygate wait || code=$?
case $code in
  0) style=success ;;
  3 | 5) style=warning ;;
  *) style=error ;;
esac
[ ! -f reports/deploygate.md ] ||
  buildkite-agent annotate --context deploygate --style "$style" <reports/deploygate.md
exit "$code"
