# nua-rubyNNN: nua-python with Ruby, bundler and the headers for gems; the distribution's, or else compiled.
ARG nua_builder_tag
ARG nua_parent_tag

FROM ${nua_builder_tag} AS runtime
ARG ruby_version
RUN app_builder install-ruby ${ruby_version} --root /out

FROM ${nua_parent_tag}
COPY --from=runtime /out/ /
RUN set -eu; \
    # [network] apt's mirror, proxies and certificates, for this command only.
    apt-get update; \
    xargs apt-get install --yes </nua/ruby_packages; \
    apt-get clean; \
    rm -rf /nua/ruby_packages /var/lib/apt/lists/* /var/cache/debconf/*-old /var/log/apt/* \
        /var/log/dpkg.log; \
    ruby -e 'puts RUBY_VERSION' >/nua/ruby_version
