#!/bin/sh
# Makes an ingest key in Maru and hands it to the Board as the Secret that its pods read their OTLP headers from. From the
# first key on, Maru takes telemetry only with one.
#
#     deploy/kubernetes/create-key.sh [NAMESPACE]
set -eu

namespace=${1:-board}

if kubectl --namespace "$namespace" get secret board-otlp >/dev/null 2>&1; then
  echo "secret board-otlp exists and stays as it is: delete it first to have a new key" >&2
  exit 1
fi

key=$(kubectl --namespace maru exec maru-0 -- node packages/cli/src/main.ts key create "$namespace" --data /data/maru)

kubectl --namespace "$namespace" create -f - <<YAML
apiVersion: v1
kind: Secret
metadata:
  name: board-otlp
type: Opaque
stringData:
  headers: "authorization=Bearer%20$key"
YAML

echo "now restart the senders: kubectl --namespace $namespace rollout restart deployment"
