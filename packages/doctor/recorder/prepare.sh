#!/bin/sh
# Brings the tools that the recorder lets speak into .maru/recorder: Debian's packages unpacked (not installed), npm's
# packages, and programs built from Go modules. Run as root on Debian; a second run keeps what is there.
#
#     packages/doctor/recorder/prepare.sh [debian|npm|kubernetes|containerd|collector]...
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)/.maru/recorder
mkdir -p "$root/bin" "$root/debs"
kubernetes=1.34.4
containerd=2.2.9
collector=0.165.0
collectorStable=1.71.0

debian() {
  cd "$root/debs"
  apt-get update -qq
  apt-get download -qq mariadb-server-core mariadb-client-core mariadb-server libmariadb3 mariadb-common \
    liburing2 libaio1 libnuma1 libsnappy1v5 galera-4 \
    etcd-server containerd runc containernetworking-plugins kubernetes-client busybox-static nginx docker.io tini \
    skopeo podman buildah docker-registry conmon libgpgme11 nfs-common libfaketime
  for deb in *.deb; do dpkg -x "$deb" "$root/debian"; done
}

npm() {
  mkdir -p "$root/npm"
  cd "$root/npm"
  [ -f package.json ] || echo '{"private":true}' >package.json
  command npm install --no-audit --no-fund --silent --no-save --force mariadb@3 mysql2@3 envalid@8 express@4 \
    @rollup/rollup-linux-arm64-gnu@4 @rollup/rollup-darwin-arm64@4
}

go_program() { # folder, package, program
  cd "$1"
  CGO_ENABLED=0 go build -p 1 -trimpath ${4:+-ldflags "$4"} -o "$root/bin/$3" "$2"
}

kubernetes() {
  folder="$root/go/kubernetes"
  mkdir -p "$folder"
  cd "$folder"
  {
    printf 'module recorder/kubernetes\n\ngo 1.24.0\n\nrequire k8s.io/kubernetes v%s\n\nreplace (\n' "$kubernetes"
    for part in api apiextensions-apiserver apimachinery apiserver cli-runtime client-go cloud-provider \
      cluster-bootstrap code-generator component-base component-helpers controller-manager cri-api cri-client \
      csi-translation-lib dynamic-resource-allocation endpointslice externaljwt kms kube-aggregator \
      kube-controller-manager kube-proxy kube-scheduler kubectl kubelet metrics mount-utils pod-security-admission \
      sample-apiserver sample-cli-plugin sample-controller; do
      printf '\tk8s.io/%s => k8s.io/%s v0.%s\n' "$part" "$part" "${kubernetes#*.}"
    done
    printf ')\n'
  } >go.mod
  printf '//go:build tools\n\npackage tools\n\nimport (\n' >tools.go
  for program in kube-apiserver kube-controller-manager kube-scheduler kubelet kubectl; do
    printf '\t_ "k8s.io/kubernetes/cmd/%s"\n' "$program" >>tools.go
  done
  printf ')\n' >>tools.go
  GOFLAGS=-mod=mod go mod tidy -e
  minor=${kubernetes#*.}
  named="-s -w -X k8s.io/component-base/version.gitVersion=v$kubernetes -X k8s.io/component-base/version.gitMajor=1"
  named="$named -X k8s.io/component-base/version.gitMinor=${minor%.*} -X k8s.io/client-go/pkg/version.gitVersion=v$kubernetes"
  for program in kube-apiserver kube-controller-manager kube-scheduler kubelet kubectl; do
    go_program "$folder" "k8s.io/kubernetes/cmd/$program" "$program" "$named"
  done
}

containerd() {
  folder="$root/go/containerd"
  mkdir -p "$folder"
  cd "$folder"
  printf 'module recorder/containerd\n\ngo 1.24.0\n' >go.mod
  module=github.com/containerd/containerd/v2
  printf '//go:build tools\n\npackage tools\n\nimport (\n' >tools.go
  for program in containerd containerd-shim-runc-v2 ctr; do printf '\t_ "%s/cmd/%s"\n' "$module" "$program" >>tools.go; done
  printf ')\n' >>tools.go
  go get "$module@v$containerd"
  GOFLAGS=-mod=mod go mod tidy -e
  for program in containerd containerd-shim-runc-v2 ctr; do
    go_program "$folder" "$module/cmd/$program" "$program" "-X $module/version.Version=$containerd"
  done
}

collector() {
  folder="$root/go/collector"
  mkdir -p "$folder"
  cd "$folder"
  cp "$here/telemetry/collector.go.txt" main.go
  printf 'module recorder/collector\n\ngo 1.25.0\n' >go.mod
  for part in otelcol service exporter/otlpexporter exporter/otlphttpexporter receiver/otlpreceiver; do
    go get "go.opentelemetry.io/collector/$part@v$collector"
  done
  go get "go.opentelemetry.io/collector/confmap/provider/fileprovider@v$collectorStable"
  go mod tidy
  go_program "$folder" . otelcol
}

for part in "${@:-debian npm kubernetes containerd collector}"; do
  for one in $part; do "$one"; done
done
