# nua-javaNN-jdkNN: nua-javaNN with the compiler and the tools of the same OpenJDK. Apps are built upon
# it, and none runs with it.
ARG nua_builder_tag
ARG nua_parent_tag

FROM ${nua_parent_tag} AS runtime
ARG jdk_version
RUN set -eu; \
    # What makes links to manual pages fails without their folder.
    mkdir -p /usr/share/man/man1; \
    # [network] apt's mirror, proxies and certificates, for this command only.
    apt-get update; \
    apt-get install --yes openjdk-${jdk_version}-jdk-headless; \
    home=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")"); \
    out=/out/usr/local/lib/jvm/jdk; \
    mkdir -p $out /out/usr/local/bin; \
    # Links lead to /etc, and to the certificates of Java.
    tar --create --dereference --exclude=./jmods --exclude=./demo --exclude=./lib/src.zip \
        --exclude=./legal --exclude=./docs --exclude=./man --exclude=./src.zip \
        --directory "$home" . | tar --extract --directory $out; \
    for program in $out/bin/*; do \
    ln -s "../lib/jvm/jdk/bin/${program##*/}" /out/usr/local/bin/; \
    done

FROM ${nua_parent_tag}
COPY --from=runtime /out/usr/local/ /usr/local/
ENV JAVA_HOME=/usr/local/lib/jvm/jdk
