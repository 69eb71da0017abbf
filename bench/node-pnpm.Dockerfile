# What an expert would write for bench/node-pnpm, on the same base: what runs is installed apart from
# what builds, so that an edit installs nothing.
ARG nua_version
FROM nua-nodejs22:${nua_version} AS base
WORKDIR /nua/build
ARG npm_config_registry
# In PEM; no secret, and BuildKit would read the whole base image for one.
ARG certificates
ENV NODE_EXTRA_CA_CERTS=/tmp/ca.pem npm_config_store_dir=/var/cache/pnpm CI=true
RUN printf %s "$certificates" >/tmp/ca.pem && \
    npm install --global --no-audit --no-fund --no-update-notifier pnpm@10.18.3

FROM base AS production
RUN --mount=type=bind,source=package.json,target=package.json \
    --mount=type=bind,source=pnpm-lock.yaml,target=pnpm-lock.yaml \
    --mount=type=cache,id=bench-pnpm,target=/var/cache/pnpm \
    pnpm install --prod --frozen-lockfile

FROM base AS build
RUN --mount=type=bind,source=package.json,target=package.json \
    --mount=type=bind,source=pnpm-lock.yaml,target=pnpm-lock.yaml \
    --mount=type=cache,id=bench-pnpm,target=/var/cache/pnpm \
    pnpm install --frozen-lockfile
COPY . .
RUN pnpm run build

FROM nua-nodejs22:${nua_version}
WORKDIR /nua/build
ENV NODE_ENV=production
COPY --from=production /nua/build/node_modules node_modules
COPY package.json .
COPY --from=build /nua/build/dist dist
CMD ["node", "dist/server.js"]
