#!/usr/bin/env bash
# One step of any CI system: apply, judge, keep the reports whatever the result.
set -euo pipefail
kubectl apply -n "$NAMESPACE" -f app.yaml
exec deploygate wait deploy/app -n "$NAMESPACE" \
  --report junit=reports/TEST-deploygate.xml \
  --report markdown=reports/deploygate.md \
  --report json=reports/deploygate.json
