# nua-bunN: nua-python, or an image with another runtime, with bun from the npm registry.
ARG nua_builder_tag
ARG nua_parent_tag

FROM ${nua_builder_tag} AS runtime
ARG bun_version
RUN app_builder install-bun ${bun_version} --prefix /out/usr/local

FROM ${nua_parent_tag}
COPY --from=runtime /out/usr/local/ /usr/local/
COPY --from=runtime /out/nua/bun_version /nua/bun_version
