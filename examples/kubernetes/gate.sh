#!/usr/bin/env bash
# After `kubectl apply`: runs the Job, shows its log, and exits with deploygate's code, or with 3 if that is unknown.
set -uo pipefail
cd "$(dirname "$0")" || exit 3
namespace=shop
kubectl apply -f ../rbac.yaml && kubectl replace --force -f job.yaml || exit 3
pod=(-n "$namespace" -l job-name=deploygate)
kubectl wait pod "${pod[@]}" --for=create --timeout=60s &&
  kubectl wait pod "${pod[@]}" --for=jsonpath='{.status.containerStatuses[0].state}' --timeout=60s &&
  kubectl logs -n "$namespace" --follow --pod-running-timeout=2m job/deploygate
kubectl wait pod "${pod[@]}" --for=jsonpath='{.status.containerStatuses[0].state.terminated}' --timeout=60s
code=$(kubectl get pod "${pod[@]}" -o jsonpath='{.items[0].status.containerStatuses[0].state.terminated.exitCode}')
exit "${code:-3}"
