# nua-phpN.N: nua-python with the PHP of the Linux base, php-fpm, nginx, and what serves an app by both.
ARG nua_builder_tag
ARG nua_parent_tag

FROM ${nua_builder_tag} AS runtime
ARG php_version
RUN app_builder install-php ${php_version} --root /out

FROM ${nua_parent_tag}
COPY --from=runtime /out/ /
RUN set -eu; \
    # What is copied has made it root's.
    chown nua:nua /nua; \
    # [network] apt's mirror, proxies and certificates, for this command only.
    apt-get update; \
    # php-fpm wants what makes its folder in /run, and would else bring all of systemd.
    tmpfiles=systemd-standalone-tmpfiles; \
    apt-cache show $tmpfiles >/dev/null 2>&1 || tmpfiles=; \
    xargs apt-get install --yes --no-install-recommends $tmpfiles </nua/php_packages; \
    apt-get clean; \
    rm -rf /nua/php_packages /var/lib/apt/lists/* /var/cache/debconf/*-old /var/log/apt/* \
        /var/log/dpkg.log /var/log/php*.log; \
    # What it complains of before it has read its configuration.
    ln -sf /dev/stderr /var/log/nginx/error.log; \
    php -r 'echo PHP_VERSION, PHP_EOL;' >/nua/php_version
