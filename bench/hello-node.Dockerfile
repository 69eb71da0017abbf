# What an expert would write for examples/hello-node, on the same base.
ARG nua_version
FROM nua-nodejs20:${nua_version}
WORKDIR /nua/build
ENV NODE_ENV=production
ARG npm_config_registry
RUN --mount=type=bind,source=package.json,target=package.json \
    --mount=type=bind,source=package-lock.json,target=package-lock.json \
    --mount=type=cache,id=bench-npm,target=/root/.npm \
    --mount=type=secret,id=ca,target=/run/ca.pem \
    NODE_EXTRA_CA_CERTS=/run/ca.pem npm ci --no-audit --no-fund --no-update-notifier
COPY . .
RUN node --check server.js
CMD ["node", "server.js"]
