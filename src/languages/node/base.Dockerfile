# nua-nodejsNN: nua-python with Node.js, npm, yarn and node-gyp from the npm registry.
ARG nua_builder_tag
ARG nua_parent_tag

FROM ${nua_builder_tag} AS runtime
ARG node_version
RUN app_builder install-node ${node_version} --prefix /out/usr/local

FROM ${nua_parent_tag}
COPY --from=runtime /out/usr/local/ /usr/local/
COPY --from=runtime /out/nua/node_version /nua/node_version
