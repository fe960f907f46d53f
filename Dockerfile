# syntax=docker/dockerfile:1

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY nest-cli.json tsconfig.json ./
COPY apps apps
COPY libs libs
COPY scripts scripts
COPY datasets datasets
# The image brings Node 24 itself; the copy that npm pins is for machines that do not.
RUN npm run build && npm prune --omit=dev && rm -rf node_modules/node node_modules/.bin/node

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    INFORCE_HOST=0.0.0.0 \
    INFORCE_PORT=3000 \
    INFORCE_DATA=/data
WORKDIR /app
# dist must lie beside package.json: its "imports" resolve #libs/* into dist.
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY datasets datasets
COPY LICENSE NOTICE ./
# A volume takes its owner from here; /keys is for replicas that share their keys.
RUN mkdir /data /keys && chown node:node /data /keys
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.INFORCE_PORT}/health/ready`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Not through npm: the signal to stop must reach the server.
CMD ["node", "--enable-source-maps", "dist/apps/api/src/main.js"]
