# What an expert would write for bench/static-vite, on the same bases.
ARG nua_version
FROM nua-nodejs22:${nua_version} AS build
WORKDIR /nua/build
ARG npm_config_registry
# In PEM; no secret, and BuildKit would read the whole base image for one.
ARG certificates
ENV NODE_EXTRA_CA_CERTS=/tmp/ca.pem
RUN --mount=type=bind,source=package.json,target=package.json \
    --mount=type=bind,source=package-lock.json,target=package-lock.json \
    --mount=type=cache,id=bench-npm,target=/root/.npm \
    printf %s "$certificates" >/tmp/ca.pem && \
    npm ci --no-audit --no-fund --no-update-notifier
COPY . .
RUN npm run build

FROM nua-static:${nua_version}
COPY --from=build /nua/build/dist /var/www/html
CMD ["nginx", "-g", "daemon off;"]
