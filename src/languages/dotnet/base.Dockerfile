# nua-dotnetN.N, nua-aspnetN.N, nua-dotnetruntimeN.N: nua-python, or an image with another runtime, with
# .NET's SDK, what runs apps that serve, or what runs others: the distribution's, or Microsoft's build.
ARG nua_builder_tag
ARG nua_parent_tag

FROM ${nua_builder_tag} AS runtime
ARG dotnet_version
ARG aspnet_version
ARG dotnetruntime_version
RUN set -eu; \
    for one in "dotnet ${dotnet_version:-}" "aspnet ${aspnet_version:-}" "dotnetruntime ${dotnetruntime_version:-}"; do \
    version=${one#* }; \
    [ -z "$version" ] || app_builder "install-${one%% *}" "$version" --root /out; \
    done

FROM ${nua_parent_tag}
ARG dotnet_version
ARG aspnet_version
ARG dotnetruntime_version
COPY --from=runtime /out/ /
RUN set -eu; \
    # What is copied has made it root's.
    chown nua:nua /nua; \
    # [network] apt's mirror, proxies and certificates, for this command only.
    apt-get update; \
    xargs apt-get install --yes --no-install-recommends </nua/dotnet_packages; \
    apt-get clean; \
    rm -rf /nua/dotnet_packages /var/lib/apt/lists/* /var/cache/debconf/*-old /var/log/apt/* \
        /var/log/dpkg.log; \
    last() { sed -n "s/^$1 *\([0-9][0-9.]*\).*/\1/p" | tail -n 1; }; \
    if [ -n "${dotnet_version:-}" ]; then dotnet --list-sdks | last '' >/nua/dotnet_version; fi; \
    if [ -n "${aspnet_version:-}" ]; then \
    dotnet --list-runtimes | last Microsoft.AspNetCore.App >/nua/aspnet_version; fi; \
    if [ -n "${dotnetruntime_version:-}" ]; then \
    dotnet --list-runtimes | last Microsoft.NETCore.App >/nua/dotnetruntime_version; fi
