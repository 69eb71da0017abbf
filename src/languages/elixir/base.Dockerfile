# nua-elixirN.NN: nua-python, or an image with another runtime, with Elixir, Erlang/OTP and rebar3 of
# the Linux base, and what packages are compiled with. Apps are built upon it, and none runs with it.
ARG nua_builder_tag
ARG nua_parent_tag

FROM ${nua_parent_tag}
ARG elixir_version
RUN set -eu; \
    # [network] apt's mirror, proxies and certificates, for this command only.
    apt-get update; \
    # Modules of Erlang are packages of their own; a release takes those that its apps name.
    apt-get install --yes elixir erlang-nox erlang-dev git gcc g++ make libc6-dev; \
    # One file, whose package would bring windows and browsers for tools that it starts on demand.
    cd /tmp; \
    apt-get download rebar3; \
    dpkg-deb --extract rebar3_*.deb unpacked; \
    cp unpacked/usr/bin/rebar3 /usr/local/bin/; \
    rm -rf unpacked rebar3_*.deb; \
    apt-get clean; \
    rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old /var/log/apt/* /var/log/dpkg.log; \
    elixir --short-version >/nua/elixir_version; \
    case $(cat /nua/elixir_version) in \
    ${elixir_version}|${elixir_version}.*) ;; \
    *) echo "the Linux base has Elixir $(cat /nua/elixir_version)" >&2; exit 1 ;; \
    esac
# Mix would fetch one of its own.
ENV MIX_REBAR3=/usr/local/bin/rebar3
