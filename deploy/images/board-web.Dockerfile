# The Board's web front end and the server in front of it. Bases and how to build: see maru.Dockerfile.
ARG NODE_BUILD
ARG NODE_RUNTIME

FROM --platform=$BUILDPLATFORM ${NODE_BUILD} AS pages
WORKDIR /app
COPY . .
RUN npm ci --no-audit --no-fund && npm run build -w @maru/board-web && find board/web/server -name '*.test.ts' -delete

# The server needs no packages.
FROM ${NODE_RUNTIME}
ARG VERSION
ARG REVISION
LABEL org.opencontainers.image.title="board-web" \
      org.opencontainers.image.description="The Board's web front end, with a proxy to its API and to OTLP" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
WORKDIR /app
COPY --from=pages /app/board/web/package.json board/web/
COPY --from=pages /app/board/web/server board/web/server
COPY --from=pages /app/board/web/dist board/web/dist
ENV PATH=/nodejs/bin:/usr/local/bin:/usr/bin:/bin \
    NODE_ENV=production \
    NODE_COMPILE_CACHE=/tmp/compile-cache \
    HOST=0.0.0.0 \
    PORT=8080
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=6 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "board/web/server/main.ts"]
