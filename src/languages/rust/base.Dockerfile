# nua-rustN.NN: nua-python, or an image with another runtime, with Rust and Cargo: the distribution's,
# or those of a server that has what rustup installs.
ARG nua_builder_tag
ARG nua_parent_tag

FROM ${nua_builder_tag} AS runtime
ARG rust_version
RUN app_builder install-rust ${rust_version} --root /out

FROM ${nua_parent_tag}
COPY --from=runtime /out/ /
RUN set -eu; \
    # What is copied has made it root's.
    chown nua:nua /nua; \
    # [network] apt's mirror, proxies and certificates, for this command only.
    apt-get update; \
    xargs apt-get install --yes --no-install-recommends </nua/rust_packages; \
    apt-get clean; \
    rm -rf /nua/rust_packages /var/lib/apt/lists/* /var/cache/debconf/*-old /var/log/apt/* \
        /var/log/dpkg.log; \
    rustc --version | cut -d ' ' -f 2 >/nua/rust_version
