# From the repository's root:
#
#     NODE_BUILD=node:24-slim@sha256:… NODE_RUNTIME=gcr.io/distroless/nodejs24-debian12@sha256:… \
#     REGISTRY=ktech4.azurecr.io TAG=0.1.0 REVISION=$(git rev-parse HEAD) \
#       docker buildx bake --file deploy/images/docker-bake.hcl --push
#     docker buildx imagetools inspect ktech4.azurecr.io/maru:0.1.0
#
# The last line shows the platforms that the registry now has. An image for one platform only is what nodes of the other
# answer with `no match for platform in manifest`.

variable "NODE_BUILD" {
  default = ""
  validation {
    condition     = length(regexall("@sha256:[0-9a-f]{64}$", NODE_BUILD)) == 1
    error_message = "Set NODE_BUILD to an image with Node 24 and npm, by digest: node:24-slim@sha256:…"
  }
}

variable "NODE_RUNTIME" {
  default = ""
  validation {
    condition     = length(regexall("@sha256:[0-9a-f]{64}$", NODE_RUNTIME)) == 1
    error_message = "Set NODE_RUNTIME to an image with Node 24, by digest: gcr.io/distroless/nodejs24-debian12@sha256:…"
  }
}

variable "REGISTRY" {
  default = "localhost:5000"
}

variable "TAG" {
  default = ""
  validation {
    condition     = TAG != "" && TAG != "latest"
    error_message = "Set TAG to the version or the commit: what runs must be told from what ran."
  }
}

variable "REVISION" {
  default = ""
}

group "default" {
  targets = ["maru", "board-api", "board-web"]
}

target "every" {
  context   = "."
  platforms = ["linux/amd64", "linux/arm64"]
  args = {
    NODE_BUILD   = NODE_BUILD
    NODE_RUNTIME = NODE_RUNTIME
    VERSION      = TAG
    REVISION     = REVISION
  }
  attest = ["type=provenance,mode=max", "type=sbom"]
}

target "maru" {
  inherits   = ["every"]
  dockerfile = "deploy/images/maru.Dockerfile"
  tags       = ["${REGISTRY}/maru:${TAG}"]
}

target "board-api" {
  inherits   = ["every"]
  dockerfile = "deploy/images/board-api.Dockerfile"
  tags       = ["${REGISTRY}/board-api:${TAG}"]
}

target "board-web" {
  inherits   = ["every"]
  dockerfile = "deploy/images/board-web.Dockerfile"
  tags       = ["${REGISTRY}/board-web:${TAG}"]
}
