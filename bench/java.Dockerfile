# What an expert would write for bench/java, on the same bases: the layers of Spring Boot's jar.
ARG nua_version
FROM nua-java17-jdk17:${nua_version} AS build
WORKDIR /nua/build
# In PEM; no secret, and BuildKit would read the whole base image for one.
ARG certificates
ARG maven=3.9.11
RUN cat /etc/ssl/certs/ca-certificates.crt >/tmp/ca.pem && printf %s "$certificates" >>/tmp/ca.pem && \
    export SSL_CERT_FILE=/tmp/ca.pem && \
    python3 -c "from urllib.request import urlretrieve; urlretrieve('https://repo.maven.apache.org/maven2/org/apache/maven/apache-maven/$maven/apache-maven-$maven-bin.zip', '/tmp/maven.zip')" && \
    python3 -m zipfile -e /tmp/maven.zip /opt && chmod +x /opt/apache-maven-$maven/bin/mvn && \
    ln -s /opt/apache-maven-$maven/bin/mvn /usr/local/bin/mvn && \
    mkdir /tmp/ca && printf %s "$certificates" | csplit -sz -f /tmp/ca/ - '/BEGIN CERT/' '{*}'; \
    for one in /tmp/ca/*; do \
    keytool -importcert -noprompt -cacerts -storepass changeit -alias "$one" -file "$one" || true; \
    done
COPY . .
RUN --mount=type=cache,id=bench-m2,target=/root/.m2 \
    mvn --batch-mode --no-transfer-progress -DskipTests package && \
    java -Djarmode=tools -jar target/bench-java-1.0.0.jar extract --layers --destination /layers

FROM nua-java17:${nua_version}
WORKDIR /nua/build
COPY --from=build /layers/dependencies ./
COPY --from=build /layers/spring-boot-loader ./
COPY --from=build /layers/snapshot-dependencies ./
COPY --from=build /layers/application ./
CMD ["java", "-jar", "bench-java-1.0.0.jar"]
