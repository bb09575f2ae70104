#!/bin/sh
# Hands the certificate of the authority that signed Maru's to the senders of a namespace, as the ConfigMap that their pods mount.
# It is no secret. Again after the authority was made anew.
#
#     deploy/kubernetes/copy-authority.sh [NAMESPACE]
set -eu

namespace=${1:-board}

authority=$(kubectl --namespace maru get secret maru-tls --output 'jsonpath={.data.ca\.crt}' | base64 -d)
case $authority in
  *"BEGIN CERTIFICATE"*) ;;
  *) echo "the Secret maru-tls has no ca.crt: its certificate is of an authority that senders know already, or not there yet" >&2; exit 1 ;;
esac

kubectl --namespace "$namespace" apply -f - <<YAML
apiVersion: v1
kind: ConfigMap
metadata:
  name: maru-authority
data:
  ca.crt: |
$(printf '%s\n' "$authority" | sed 's/^/    /')
YAML
