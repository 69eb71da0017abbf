# nua-static: a Debian or Ubuntu base with the distribution's web server and the user nua, for apps
# that are nothing but a static site. nginx-light is the smallest that every distribution has; the
# module for files that were compressed by brotli before comes along where there is one.
ARG nua_linux_base
FROM ${nua_linux_base}

RUN set -eu; \
    export DEBIAN_FRONTEND=noninteractive; \
    printf '%s\n' 'APT::Install-Recommends "false";' 'APT::Install-Suggests "false";' \
        'Dir::Cache::pkgcache "";' 'Dir::Cache::srcpkgcache "";' >/etc/apt/apt.conf.d/50nua; \
    printf '%s\n' 'path-exclude=/usr/share/doc/*' 'path-include=/usr/share/doc/*/copyright' \
        'path-exclude=/usr/share/man/*' 'path-exclude=/usr/share/info/*' \
        >/etc/dpkg/dpkg.cfg.d/50nua; \
    # [network] apt's mirror, proxies and certificates, for this command only.
    apt-get update; \
    brotli=libnginx-mod-http-brotli-static; \
    apt-cache show $brotli >/dev/null 2>&1 || brotli=; \
    apt-get install --yes nginx-light $brotli; \
    apt-get clean; \
    rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old /var/log/apt/* /var/log/dpkg.log; \
    useradd --create-home --home-dir /nua --shell /bin/sh --user-group nua; \
    chmod 755 /nua; \
    # What it complains of before it has read its configuration.
    ln -sf /dev/stderr /var/log/nginx/error.log

# nginx ends at once at SIGTERM, and lets requests end at SIGQUIT.
STOPSIGNAL SIGQUIT
CMD ["sh", "/nua/scripts/serve.sh"]
