# What an expert would write for bench/rust, on the same base.
ARG nua_version
FROM nua-rust1.96:${nua_version} AS build
WORKDIR /nua/build
# In PEM; no secret, and BuildKit would read the whole base image for one.
ARG certificates
COPY . .
RUN --mount=type=cache,id=bench-cargo,target=/root/.cargo/registry \
    --mount=type=cache,id=bench-target,target=/nua/build/target \
    cat /etc/ssl/certs/ca-certificates.crt >/tmp/ca.pem && printf %s "$certificates" >>/tmp/ca.pem && \
    CARGO_HTTP_CAINFO=/tmp/ca.pem cargo build --release --locked && cp target/release/bench-rust /app

FROM nua-python:${nua_version}
COPY --from=build /app /nua/build/bin/bench-rust
CMD ["/nua/build/bin/bench-rust"]
