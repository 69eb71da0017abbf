# nua-builder and nua-builder-LANGUAGE: a base image with the agent and its runtime, so that a
# package's own Dockerfile finds app_builder on PATH.
ARG nua_base_tag
FROM ${nua_base_tag}
COPY rootfs/ /

# pip as it is in the virtual environment, with its byte code: there it would only fill the image,
# here it halves the time that every call of pip takes to start.
RUN set -eu; \
    site=$(/nua/venv/bin/python -c 'import site; print(site.getsitepackages()[0])'); \
    mkdir /usr/local/lib/nua/agent/python; \
    cp -r "$site/pip" /usr/local/lib/nua/agent/python/; \
    /nua/venv/bin/python -m compileall -q /usr/local/lib/nua/agent/python
