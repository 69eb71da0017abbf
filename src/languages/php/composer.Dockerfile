# nua-phpN.N-composerN.N: nua-phpN.N with Composer, and what it unpacks and clones packages with. Apps are
# built upon it, and none runs with it.
ARG nua_parent_tag

FROM ${nua_parent_tag}
ARG composer_version
RUN set -eu; \
    # [network] apt's mirror, proxies and certificates, for this command only.
    apt-get update; \
    apt-get install --yes --no-install-recommends composer git unzip; \
    apt-get clean; \
    rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old /var/log/apt/* /var/log/dpkg.log; \
    composer --version --no-interaction
