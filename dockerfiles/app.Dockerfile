# The default Dockerfile of an app, for BuildKit: the agent, its runtime and the build context
# are only mounted, so that the image holds the app and nothing that built it. The agent packs what
# it has changed as the tar file of a layer, and nua-build makes the image from those. It leaves
# out the parts of layers that the plan does not have; each begins with its name in brackets.
ARG nua_builder_tag
ARG nua_base_tag
# The stage that the app is built upon: packages or dependencies.
ARG nua_app_stage

FROM ${nua_builder_tag} AS builder

FROM ${nua_base_tag} AS packages

# [packages] Debian packages that stay in the image.
RUN --mount=type=bind,from=builder,source=/usr/local/lib/nua/agent,target=/run/nua/agent \
    --mount=type=bind,source=nua-layers/packages,target=/run/nua/context \
    --mount=type=cache,id=nua-apt-lists,target=/var/lib/apt/lists,sharing=private \
    --mount=type=cache,id=nua-apt-archives,target=/var/cache/apt/archives,sharing=private \
    NUA_CONTEXT=/run/nua/context NUA_PACK=1 /run/nua/agent/app_builder

# [dependencies] What manifests and lock files name, from those alone.
FROM packages AS dependencies
RUN --mount=type=bind,from=builder,source=/usr/local/lib/nua/agent,target=/run/nua/agent \
    --mount=type=bind,source=nua-layers/dependencies,target=/run/nua/context \
    --mount=type=cache,id=nua-apt-lists,target=/var/lib/apt/lists,sharing=private \
    --mount=type=cache,id=nua-apt-archives,target=/var/cache/apt/archives,sharing=private \
    # [caches] A line for each cache of package managers.
    NUA_CONTEXT=/run/nua/context NUA_PACK=1 /run/nua/agent/app_builder

# [app] Everything else.
FROM ${nua_app_stage} AS app
RUN --mount=type=bind,from=builder,source=/usr/local/lib/nua/agent,target=/run/nua/agent \
    --mount=type=bind,target=/run/nua/context \
    # [beside] --mount=type=bind,from=dependencies,source=/nua,target=/run/nua/dependencies \
    --mount=type=cache,id=nua-apt-lists,target=/var/lib/apt/lists,sharing=private \
    --mount=type=cache,id=nua-apt-archives,target=/var/cache/apt/archives,sharing=private \
    # [caches] A line for each cache of package managers.
    NUA_CONTEXT=/run/nua/context NUA_PACK=1 /run/nua/agent/app_builder
CMD ["python", "/nua/scripts/start.py"]

# [layers] Followed by a line for each layer of the image.
FROM scratch AS layers
