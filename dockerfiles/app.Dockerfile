# The default Dockerfile of an app, for BuildKit: the agent, its runtime and the build context
# are only mounted, so that the image holds the app and nothing that built it.
ARG nua_builder_tag
ARG nua_base_tag

FROM ${nua_builder_tag} AS builder

FROM ${nua_base_tag}
RUN --mount=type=bind,from=builder,source=/usr/local/lib/nua/agent,target=/run/nua/agent \
    --mount=type=bind,target=/run/nua/context \
    NUA_CONTEXT=/run/nua/context /run/nua/agent/app_builder
CMD ["python", "/nua/scripts/start.py"]
