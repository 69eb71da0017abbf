# nua-javaNN: nua-python with the Java runtime of the Linux base's OpenJDK, as jlink makes it: a
# third of what the package for running has, without debugging symbols, with all that apps run with.
# Java 8 has no jlink: there the package's own runtime is taken.
ARG nua_builder_tag
ARG nua_parent_tag

FROM ${nua_parent_tag} AS runtime
ARG java_version
RUN set -eu; \
    # What makes links to manual pages fails without their folder.
    mkdir -p /usr/share/man/man1; \
    # [network] apt's mirror, proxies and certificates, for this command only.
    apt-get update; \
    apt-get install --yes openjdk-${java_version}-jdk-headless binutils; \
    home=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")"); \
    out=/out/usr/local/lib/jvm/java; \
    mkdir -p "$(dirname $out)" /out/usr/local/bin /out/nua; \
    if [ -x "$home/bin/jlink" ]; then \
    tools='compiler|editpad|graal.*|hotspot.agent|incubator.foreign|internal.ed|internal.le|internal.opt|internal.vm.*|jartool|javadoc|jconsole|jdeps|jdi|jlink|jpackage|jshell|jstatd|unsupported.desktop|aot'; \
    modules=$("$home/bin/java" --list-modules | cut -d@ -f1 | grep -vxE "jdk\.($tools)" | paste -sd,); \
    # The old name of that compression is the only one that Java 17 knows.
    compress=2; [ "${java_version}" -lt 21 ] || compress=zip-6; \
    "$home/bin/jlink" --add-modules "$modules" --strip-debug --no-header-files --no-man-pages \
        --compress=$compress --output $out; \
    else \
    tar --create --dereference --directory "$home/jre" . | (mkdir $out; tar --extract --directory $out); \
    fi; \
    # Those of the distribution: jlink leaves them out.
    cp --dereference /etc/ssl/certs/java/cacerts $out/lib/security/cacerts; \
    # What is loaded at each start, laid out for it, as packages of Java have it.
    $out/bin/java -Xshare:dump >/dev/null 2>&1 || true; \
    ln -s ../lib/jvm/java/bin/java ../lib/jvm/java/bin/keytool /out/usr/local/bin/; \
    [ ! -x $out/bin/jcmd ] || ln -s ../lib/jvm/java/bin/jcmd /out/usr/local/bin/; \
    $out/bin/java -XshowSettings:properties -version 2>&1 \
        | sed -n 's/^ *java\.version = //p' >/out/nua/java_version

FROM ${nua_parent_tag}
COPY --from=runtime /out/usr/local/ /usr/local/
COPY --from=runtime /out/nua/java_version /nua/java_version
# Libraries of images and colors; those of fonts come with apps that draw.
RUN set -eu; \
    # [network] apt's mirror, proxies and certificates, for this command only.
    apt-get update; \
    jpeg=libjpeg62-turbo; \
    apt-cache show $jpeg >/dev/null 2>&1 || jpeg=libjpeg-turbo8; \
    apt-get install --yes $jpeg liblcms2-2; \
    apt-get clean; \
    rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old /var/log/apt/* /var/log/dpkg.log; \
    java -version
