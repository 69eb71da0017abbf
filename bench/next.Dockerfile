# What an expert would write for bench/next, on the same base.
ARG nua_version
FROM nua-nodejs22:${nua_version} AS build
WORKDIR /nua/build
ARG npm_config_registry
# In PEM; no secret, and BuildKit would read the whole base image for one.
ARG certificates
ENV NODE_EXTRA_CA_CERTS=/tmp/ca.pem NEXT_TELEMETRY_DISABLED=1
RUN --mount=type=bind,source=package.json,target=package.json \
    --mount=type=bind,source=package-lock.json,target=package-lock.json \
    --mount=type=cache,id=bench-npm,target=/root/.npm \
    printf %s "$certificates" >/tmp/ca.pem && \
    npm ci --no-audit --no-fund --no-update-notifier
COPY . .
RUN --mount=type=cache,id=bench-next,target=/nua/build/.next/cache npm run build

FROM nua-nodejs22:${nua_version}
WORKDIR /nua/build
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1
COPY --from=build /nua/build/node_modules node_modules
COPY --from=build /nua/build/package.json package.json
COPY --from=build /nua/build/.next .next
CMD ["node_modules/.bin/next", "start"]
