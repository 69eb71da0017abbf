# nua-goN.NN: nua-python, or an image with another runtime, with Go from a module proxy.
ARG nua_builder_tag
ARG nua_parent_tag

FROM ${nua_builder_tag} AS runtime
ARG go_version
RUN app_builder install-go ${go_version} --prefix /out/usr/local

FROM ${nua_parent_tag}
COPY --from=runtime /out/usr/local/ /usr/local/
COPY --from=runtime /out/nua/go_version /nua/go_version
