# nua-nodejsNN: nua-python with Node.js, npm, yarn and node-gyp from the npm registry.
ARG nua_builder_tag
ARG nua_parent_tag

FROM ${nua_builder_tag} AS runtime
ARG node_version
# Since 25, Node's own builds are linked with a library that no base has.
RUN set -eu; \
    case ${node_version} in 1[0-9]|1[0-9].*|2[0-4]|2[0-4].*) exit 0;; esac; \
    # [network] apt's mirror, proxies and certificates, for this command only.
    apt-get update; \
    apt-get install --yes libatomic1; \
    apt-get clean; \
    rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old /var/log/apt/* /var/log/dpkg.log
RUN app_builder install-node ${node_version} --prefix /out/usr/local

FROM ${nua_parent_tag}
ARG node_version
RUN set -eu; \
    case ${node_version} in 1[0-9]|1[0-9].*|2[0-4]|2[0-4].*) exit 0;; esac; \
    # [network] apt's mirror, proxies and certificates, for this command only.
    apt-get update; \
    apt-get install --yes libatomic1; \
    apt-get clean; \
    rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old /var/log/apt/* /var/log/dpkg.log
COPY --from=runtime /out/usr/local/ /usr/local/
COPY --from=runtime /out/nua/node_version /nua/node_version
