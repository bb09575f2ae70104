# Maru. Built from the repository's root, for every platform, by docker-bake.hcl beside it.
#
# Both bases are arguments without a default, and are to be given by digest (docker-bake.hcl insists): a tag means another
# image next month. `docker buildx imagetools inspect node:24-slim` tells the digest of the index of all platforms.
#
#   NODE_BUILD    Debian with glibc, Node 24 and npm: node:24-slim
#   NODE_RUNTIME  Debian with glibc, libstdc++ and Node 24, without a shell: gcr.io/distroless/nodejs24-debian12
#
# Not Alpine: the engine is linked against glibc.
ARG NODE_BUILD
ARG NODE_RUNTIME

# The console is the same for every platform, so it is built once, on the builder's own.
FROM --platform=$BUILDPLATFORM ${NODE_BUILD} AS console
WORKDIR /app
COPY . .
RUN npm ci --no-audit --no-fund && npm run build -w @maru/console

# On the target platform: the engine is a native library.
FROM ${NODE_BUILD} AS packages
WORKDIR /app
COPY . .
RUN npm ci --omit=dev --no-audit --no-fund -w @maru/cli
# A lock file made where the registry lacked this platform's engine installs none: better to fail here than at start. That
# is so for arm64 now (deploy/README.md).
RUN node --input-type=module -e "import { createRequire } from 'node:module'; createRequire('/app/packages/store/package.json')('chdb')"
RUN mkdir /data && find packages -name '*.test.ts' -delete && rm -rf packages/console

FROM ${NODE_RUNTIME}
ARG VERSION
ARG REVISION
LABEL org.opencontainers.image.title="maru" \
      org.opencontainers.image.description="Takes OpenTelemetry, keeps it, answers PromQL, TraceQL and LogQL, shows it" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
WORKDIR /app
COPY --from=packages /app/package.json ./
COPY --from=packages /app/node_modules node_modules
COPY --from=packages /app/packages packages
COPY --from=console /app/packages/console/dist packages/console/dist
COPY --from=packages --chown=10001:10001 /data /data
# The two places where the bases keep Node; nothing is installed or built at start; the cache makes restarts quicker.
ENV PATH=/nodejs/bin:/usr/local/bin:/usr/bin:/bin \
    MARU_NO_INSTALL=1 \
    NODE_COMPILE_CACHE=/tmp/compile-cache
USER 10001:10001
EXPOSE 3000 4317 4318
VOLUME /data
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3000/live').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "packages/cli/src/main.ts"]
# What is published is chosen outside of the container, so inside it listens on every address.
CMD ["serve", "--host", "0.0.0.0", "--host-console", "0.0.0.0", "--insecure", "--data", "/data/maru"]
