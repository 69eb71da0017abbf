# The default Dockerfile of an app, for BuildKit: the agent, its runtime and the build context
# are only mounted, so that the image holds the app and nothing that built it. The agent packs what
# it has changed as the tar file of a layer, and nua-build makes the image from those. It leaves
# out the parts of layers that the plan does not have; each begins with its name in brackets.
ARG nua_builder_tag
# What the app runs upon, and what it is built upon, which may hold more.
ARG nua_base_tag
ARG nua_build_base_tag
# The stages that the parts below start from.
ARG nua_lower_stage
ARG nua_dependencies_stage
ARG nua_app_stage

FROM ${nua_builder_tag} AS builder

FROM ${nua_base_tag} AS packages

# [packages] Debian packages that stay in the image.
RUN --mount=type=bind,from=builder,source=/usr/local/lib/nua/agent,target=/run/nua/agent \
    --mount=type=bind,source=nua-layers/packages,target=/run/nua/context \
    --mount=type=cache,id=nua-apt-lists,target=/var/lib/apt/lists,sharing=private \
    --mount=type=cache,id=nua-apt-archives,target=/var/cache/apt/archives,sharing=private \
    NUA_CONTEXT=/run/nua/context NUA_PACK=1 /run/nua/agent/app_builder

# [build] What the app is built upon, where that holds more than what it runs upon.
FROM ${nua_build_base_tag} AS build

# [buildpackages] The same Debian packages: the app may be built against them.
RUN --mount=type=bind,from=builder,source=/usr/local/lib/nua/agent,target=/run/nua/agent \
    --mount=type=bind,source=nua-layers/packages,target=/run/nua/context \
    --mount=type=cache,id=nua-apt-lists,target=/var/lib/apt/lists,sharing=private \
    --mount=type=cache,id=nua-apt-archives,target=/var/cache/apt/archives,sharing=private \
    NUA_CONTEXT=/run/nua/context /run/nua/agent/app_builder

# [development] What manifests and lock files name, from those alone, with what only the build needs.
FROM ${nua_lower_stage} AS development
RUN --mount=type=bind,from=builder,source=/usr/local/lib/nua/agent,target=/run/nua/agent \
    --mount=type=bind,source=nua-layers/development,target=/run/nua/context \
    --mount=type=cache,id=nua-apt-lists,target=/var/lib/apt/lists,sharing=private \
    --mount=type=cache,id=nua-apt-archives,target=/var/cache/apt/archives,sharing=private \
    # [caches] A line for each cache of package managers.
    NUA_CONTEXT=/run/nua/context NUA_PACK=1 /run/nua/agent/app_builder

# [dependencies] What manifests and lock files name, from those alone; or what is left of the above.
FROM ${nua_dependencies_stage} AS dependencies
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
    # [pruned] --mount=type=bind,from=dependencies,source=/run/nua/layers/dependencies.changed.json,target=/run/nua/pruned/dependencies.changed.json \
    --mount=type=cache,id=nua-apt-lists,target=/var/lib/apt/lists,sharing=private \
    --mount=type=cache,id=nua-apt-archives,target=/var/cache/apt/archives,sharing=private \
    # [caches] A line for each cache of package managers.
    NUA_CONTEXT=/run/nua/context NUA_PACK=1 /run/nua/agent/app_builder
CMD ["python", "/nua/scripts/start.py"]

# [image] Where the engine puts the image together: what was built goes upon what it runs upon.
FROM packages AS image

# [imagedependencies] As the agent has packed it; marks of what is gone (.wh.NAME) remove it.
RUN --mount=type=bind,from=dependencies,source=/run/nua/layers,target=/run/nua/layers \
    set -eu; layer=/run/nua/layers/dependencies.tar; \
    tar --list --quoting-style=literal --file=$layer | sed -n 's|^\(.*/\)\{0,1\}\.wh\.\(.*\)$|/\1\2|p' \
        | while IFS= read -r path; do rm -rf -- "$path"; done; \
    tar --extract --file=$layer --directory=/ --numeric-owner --xattrs '--xattrs-include=*' \
        --same-permissions --exclude='.wh.*'

# [imageapp] The same of the app.
RUN --mount=type=bind,from=app,source=/run/nua/layers,target=/run/nua/layers \
    set -eu; layer=/run/nua/layers/app.tar; \
    tar --list --quoting-style=literal --file=$layer | sed -n 's|^\(.*/\)\{0,1\}\.wh\.\(.*\)$|/\1\2|p' \
        | while IFS= read -r path; do rm -rf -- "$path"; done; \
    tar --extract --file=$layer --directory=/ --numeric-owner --xattrs '--xattrs-include=*' \
        --same-permissions --exclude='.wh.*'
CMD ["python", "/nua/scripts/start.py"]

# [layers] Followed by a line for each layer of the image.
FROM scratch AS layers
