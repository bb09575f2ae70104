#!/bin/sh
# Makes the Secrets that the Board's pods wait for, with values from the kernel's random source. What exists is left as
# it is: a new value in a Secret would not change the password that MariaDB holds.
#
#     deploy/kubernetes/create-secrets.sh [NAMESPACE]
#
# Reading one afterwards:
#     kubectl -n board get secret board-admin -o jsonpath='{.data.password}' | base64 -d
set -eu

namespace=${1:-board}

# 32 hexadecimal digits: 128 bits, and nothing that a URL or a shell reads differently.
random() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# The values go through standard input: arguments can be read by everybody on the machine.
create() {
  if kubectl --namespace "$namespace" get secret "$1" >/dev/null 2>&1; then
    echo "secret $1 exists and stays as it is"
  else
    kubectl --namespace "$namespace" create -f -
  fi
}

create board-database <<YAML
apiVersion: v1
kind: Secret
metadata:
  name: board-database
type: Opaque
stringData:
  root-password: "$(random)"
  password: "$(random)"
YAML

create board-admin <<YAML
apiVersion: v1
kind: Secret
metadata:
  name: board-admin
type: Opaque
stringData:
  password: "$(random)"
YAML
