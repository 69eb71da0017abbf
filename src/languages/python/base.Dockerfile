# nua-pythonN.N: nua-python with another CPython than the distribution's, and /nua/venv made from it.
ARG nua_builder_tag
ARG nua_parent_tag

FROM ${nua_builder_tag} AS runtime
ARG python_version
RUN app_builder install-python ${python_version} --root /out

FROM ${nua_parent_tag}
# Not all of /out: its /nua would take /nua from its owner.
COPY --from=runtime /out/usr/local/ /usr/local/
COPY --from=runtime /out/nua/python_version /nua/python_version
# As dockerfiles/nua-python.Dockerfile makes it; and the libraries of one that was compiled.
RUN set -eu; \
    if [ -s /usr/local/lib/nua/python_packages ]; then \
    # [network] apt's mirror, proxies and certificates, for this command only.
    apt-get update; \
    xargs apt-get install --yes </usr/local/lib/nua/python_packages; \
    apt-get clean; \
    fi; \
    rm -rf /usr/local/lib/nua/python_packages /nua/venv /var/lib/apt/lists/* /var/cache/debconf/*-old \
        /var/log/apt/* /var/log/dpkg.log; \
    setpriv --reuid=nua --regid=nua --init-groups \
        /usr/local/lib/nua/cpython/bin/python3 -m venv /nua/venv; \
    cd /usr/lib/python3/dist-packages; \
    site=$(/nua/venv/bin/python -c 'import site; print(site.getsitepackages()[0])'); \
    cp -r wheel wheel-* "$site"; \
    echo /usr/local/lib/nua/python >"$site/nua.pth"; \
    chown -R nua:nua "$site"; \
    find /nua/venv -name __pycache__ -prune -exec rm -rf {} +
