# nua-denoN: nua-python, or an image with another runtime, with Deno from the npm registry.
ARG nua_builder_tag
ARG nua_parent_tag

FROM ${nua_builder_tag} AS runtime
ARG deno_version
RUN app_builder install-deno ${deno_version} --prefix /out/usr/local

FROM ${nua_parent_tag}
COPY --from=runtime /out/usr/local/ /usr/local/
COPY --from=runtime /out/nua/deno_version /nua/deno_version
# What an app imports is a part of it, and no cache that anybody could do without.
ENV DENO_DIR=/nua/.deno
ENV DENO_NO_UPDATE_CHECK=1
