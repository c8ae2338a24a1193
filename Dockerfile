# The image of the service and of its command line (node dist/cli.js). It holds no secret, needs no writable path and runs
# as a user without a name. For a release, pin the base by digest: NODE_IMAGE=node:24-bookworm-slim@sha256:…
ARG NODE_IMAGE=node:24-bookworm-slim

# What runs. The optional packages are the PostgreSQL binaries for development; nothing needs an install script.
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=optional --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/build.mjs scripts/
COPY src src
RUN node scripts/build.mjs && rm -f dist/.built dist/.tsbuildinfo

FROM ${NODE_IMAGE} AS image
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Clientele" \
      org.opencontainers.image.description="An event-sourced admission service for OAuth clients" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=dependencies /app/node_modules node_modules
COPY policies/bundle policies/bundle
COPY deploy/healthcheck.mjs deploy/
COPY --from=build /app/dist dist
USER 10001:10001
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["node", "deploy/healthcheck.mjs", "/health/live"]
# Node is process 1 and handles SIGTERM itself; a shell in between would not pass it on.
CMD ["node", "dist/main.js"]
