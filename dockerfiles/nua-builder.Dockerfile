# nua-builder and nua-builder-LANGUAGE: a base image with the agent and its runtime, so that a
# package's own Dockerfile finds app_builder on PATH.
ARG nua_base_tag
FROM ${nua_base_tag}
COPY rootfs/ /
