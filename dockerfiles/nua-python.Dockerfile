# nua-python: a Debian or Ubuntu base, its Python 3 with a virtual environment at /nua/venv,
# the user nua, and nua.lib for start scripts. Every other image of Nua is built upon it.
ARG nua_linux_base
FROM ${nua_linux_base}

ENV DEBIAN_FRONTEND=noninteractive \
    LANG=C.UTF-8 \
    VIRTUAL_ENV=/nua/venv \
    PATH=/nua/venv/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    PYTHONFAULTHANDLER=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONHASHSEED=random \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=on \
    PIP_DEFAULT_TIMEOUT=120

# One layer: what a later one changes would be stored twice.
# setuptools, wheel and poetry-core stay Debian's, outside the virtual environment: the agent
# shows them to pip only while it builds an app's own wheel. jinja2 renders templates.
RUN set -eu; \
    printf '%s\n' 'APT::Install-Recommends "false";' 'APT::Install-Suggests "false";' \
        'Dir::Cache::pkgcache "";' 'Dir::Cache::srcpkgcache "";' >/etc/apt/apt.conf.d/50nua; \
    printf '%s\n' 'path-exclude=/usr/share/doc/*' 'path-include=/usr/share/doc/*/copyright' \
        'path-exclude=/usr/share/man/*' 'path-exclude=/usr/share/info/*' \
        >/etc/dpkg/dpkg.cfg.d/50nua; \
    # [network] apt's mirror, proxies and certificates, for this command only.
    apt-get update; \
    apt-get install --yes ca-certificates sudo python3 python3-venv \
        python3-setuptools python3-wheel python3-poetry-core python3-jinja2; \
    apt-get clean; \
    rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old /var/log/apt/* /var/log/dpkg.log; \
    useradd --create-home --home-dir /nua --shell /bin/bash --user-group --groups sudo nua; \
    chmod 755 /nua; \
    printf '%s\n' 'Defaults !env_reset, !mail_badpass, !secure_path' \
        'nua ALL=(ALL) NOPASSWD:ALL' >/etc/sudoers.d/nua; \
    chmod 440 /etc/sudoers.d/nua; \
    setpriv --reuid=nua --regid=nua --init-groups python3 -m venv /nua/venv; \
    cd /usr/lib/python3/dist-packages; \
    site=$(/nua/venv/bin/python -c 'import site; print(site.getsitepackages()[0])'); \
    cp -r wheel wheel-* "$site"; \
    echo /usr/local/lib/nua/python >"$site/nua.pth"; \
    chown -R nua:nua "$site"; \
    # Byte code of what only builds use is a fifth of this layer; the standard library keeps its own.
    find /nua/venv /usr/lib/python3/dist-packages -name __pycache__ -prune -exec rm -rf {} +

COPY rootfs/ /

CMD ["bash"]
