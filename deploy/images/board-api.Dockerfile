# The Board's API. Bases and how to build: see maru.Dockerfile.
ARG NODE_BUILD
ARG NODE_RUNTIME

# Nothing native among its packages, so they are the same for every platform.
FROM --platform=$BUILDPLATFORM ${NODE_BUILD} AS packages
WORKDIR /app
COPY . .
RUN npm ci --omit=dev --no-audit --no-fund -w @maru/board-api
RUN find board/api -name '*.test.ts' -delete && rm -rf node_modules/@maru

FROM ${NODE_RUNTIME}
ARG VERSION
ARG REVISION
LABEL org.opencontainers.image.title="board-api" \
      org.opencontainers.image.description="The Board's API: accounts, sessions, messages and fault drills" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
WORKDIR /app
COPY --from=packages /app/package.json ./
COPY --from=packages /app/node_modules node_modules
COPY --from=packages /app/board/api board/api
ENV PATH=/nodejs/bin:/usr/local/bin:/usr/bin:/bin \
    NODE_ENV=production \
    NODE_COMPILE_CACHE=/tmp/compile-cache \
    HOST=0.0.0.0 \
    PORT=5000
USER 10001:10001
EXPOSE 5000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=6 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:5000/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "board/api/src/main.ts"]
