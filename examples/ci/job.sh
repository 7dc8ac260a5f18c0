#!/usr/bin/env bash
# A step for any CI system: apply, then wait for the verdict. Publish reports/ even if it fails.
set -euo pipefail
kubectl apply -n "$NAMESPACE" -f app.yaml
exec deploygate wait deploy/app -n "$NAMESPACE" \
  --report junit=reports/TEST-deploygate.xml \
  --report markdown=reports/deploygate.md \
  --report json=reports/deploygate.json
