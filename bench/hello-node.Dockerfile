# What an expert would write for examples/hello-node, on the same base.
ARG nua_version
FROM nua-nodejs20:${nua_version}
WORKDIR /nua/build
ENV NODE_ENV=production
ARG npm_config_registry
# In PEM; no secret, and BuildKit would read the whole base image for one.
ARG certificates
RUN --mount=type=bind,source=package.json,target=package.json \
    --mount=type=bind,source=package-lock.json,target=package-lock.json \
    --mount=type=cache,id=bench-npm,target=/root/.npm \
    printf %s "$certificates" >/tmp/ca.pem && \
    NODE_EXTRA_CA_CERTS=/tmp/ca.pem npm ci --no-audit --no-fund --no-update-notifier && \
    rm /tmp/ca.pem
COPY . .
RUN node --check server.js
CMD ["node", "server.js"]
