# nua-cppNN: nua-python, or an image with another runtime, with the compilers of the Linux base and
# the tools that builds of C and C++ call.
ARG nua_builder_tag
ARG nua_parent_tag

FROM ${nua_parent_tag}
ARG cpp_version
RUN set -eu; \
    # What the image of an app has anyway: the libraries of all else go with the app that needs them.
    dpkg-query --show --showformat '${binary:Package}\n' >/nua/cpp_parent_packages; \
    # [network] apt's mirror, proxies and certificates, for this command only.
    apt-get update; \
    apt-get install --yes gcc g++ libc6-dev binutils make cmake ninja-build meson pkg-config \
        autoconf autoconf-archive automake libtool bison flex gettext gperf perl patch file git \
        unzip xz-utils bzip2 ccache fakeroot; \
    apt-get clean; \
    rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old /var/log/apt/* /var/log/dpkg.log; \
    # Builds find them before the compilers themselves, whatever calls those.
    for name in cc c++ gcc g++; do ln -s /usr/bin/ccache /usr/local/bin/$name; done; \
    found=$(/usr/bin/gcc -dumpversion | cut -d . -f 1); \
    [ "$found" -ge "${cpp_version}" ] \
        || { echo "the Linux base has GCC $found, and not ${cpp_version}" >&2; exit 1; }; \
    /usr/bin/gcc -dumpfullversion >/nua/cpp_version
