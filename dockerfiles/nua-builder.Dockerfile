# nua-builder and nua-builder-LANGUAGE: a base image with the agent and its runtime, so that a
# package's own Dockerfile finds app_builder on PATH. What they add is the same layers in each of
# them, stored once: so every time in these is a fixed one.
ARG nua_python_tag
ARG nua_base_tag

# pip as it is in the virtual environment, with its byte code: there it would only fill the image,
# here it halves the time that every call of pip takes to start. Its byte code knows the times of
# its source.
FROM ${nua_python_tag} AS pip
RUN set -eu; \
    site=$(/nua/venv/bin/python -c 'import site; print(site.getsitepackages()[0])'); \
    target=/usr/local/lib/nua/agent/python; \
    mkdir -p /out$target; \
    cp -r "$site/pip" /out$target/; \
    find /out -exec touch -d @315619200 {} +; \
    PYTHONHASHSEED=0 /nua/venv/bin/python -m compileall -q -s /out -p / /out$target; \
    find /out -exec touch -d @315619200 {} +

FROM ${nua_base_tag}
COPY rootfs/ /
COPY --from=pip /out/ /
