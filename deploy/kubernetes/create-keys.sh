#!/bin/sh
# Makes the keys that Maru asks for, with values from the kernel's random source: the Secret `maru-keys` for Maru, and the key of the
# Board once more as `board-otlp`, which the Board's pods read their OTLP headers from. What exists is left as it is.
#
#     deploy/kubernetes/create-keys.sh [NAMESPACE]
#
# The one that opens the console afterwards:
#     kubectl -n maru get secret maru-keys -o jsonpath='{.data.console}' | base64 -d
set -eu

namespace=${1:-board}

random() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

exists() { kubectl --namespace "$1" get secret "$2" >/dev/null 2>&1; }

# The values go through standard input: arguments can be read by everybody on the machine.
if exists maru maru-keys; then
  echo "secret maru-keys exists and stays as it is"
else
  kubectl --namespace maru create -f - <<YAML
apiVersion: v1
kind: Secret
metadata:
  name: maru-keys
type: Opaque
stringData:
  board: "$(random)"
  console: "$(random)"
YAML
fi

if exists "$namespace" board-otlp; then
  echo "secret board-otlp exists and stays as it is"
else
  key=$(kubectl --namespace maru get secret maru-keys -o 'jsonpath={.data.board}' | base64 -d)
  kubectl --namespace "$namespace" create -f - <<YAML
apiVersion: v1
kind: Secret
metadata:
  name: board-otlp
type: Opaque
stringData:
  headers: "authorization=Bearer%20$key"
YAML
fi
