# The bot and the inference API, two targets of one source. Nothing is built: Node runs the TypeScript as it is.
#
#   docker build --target bot           --build-arg REVISION="$(git rev-parse HEAD)" -t titanic-bot:0.1.0 .
#   docker build --target inference-api --build-arg REVISION="$(git rev-parse HEAD)" -t titanic-inference-api:0.1.0 .
#
# docs/image.md says how to pin the base by digest, and how to run it.

# The version that package-lock.json brings for tests.
ARG NODE_TAG=24.21.0-slim

FROM node:${NODE_TAG} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# Without the optional ones, which are Node itself for machines that have none, and without anybody's install scripts.
RUN ["npm", "ci", "--omit=dev", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund"]
# So that the image says of itself what is in it, and npm can list exactly that (docs/image.md).
RUN ["npm", "pkg", "delete", "devDependencies", "optionalDependencies"]

FROM node:${NODE_TAG} AS base
ARG REVISION=unknown
LABEL org.opencontainers.image.source="titanic" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=dependencies /app/package.json ./package.json
COPY LICENSE ./
COPY src ./src
# Everything belongs to root and is only read.
USER 1000:1000
ENTRYPOINT []

FROM base AS inference-api
LABEL org.opencontainers.image.title="titanic-inference-api"
ENV PORT=8080
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=15s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.PORT+'/healthz').then((r)=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "src/inference-api/main.ts"]

FROM base AS bot
LABEL org.opencontainers.image.title="titanic-bot"
COPY handlers ./handlers
COPY blocks ./blocks
# What may be deployed where is part of the image, as immutable and as reviewed as the code.
COPY titanic.yml ./titanic.yml
ENV PORT=3000 TITANIC_CONFIG=/app/titanic.yml
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.PORT+'/healthz').then((r)=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "src/main.ts"]
