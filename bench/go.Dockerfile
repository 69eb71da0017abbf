# What an expert would write for bench/go, on the same base.
ARG nua_version
FROM nua-go1.26:${nua_version} AS build
WORKDIR /nua/build
# In PEM; no secret, and BuildKit would read the whole base image for one.
ARG certificates
ENV CGO_ENABLED=0
RUN --mount=type=bind,source=go.mod,target=go.mod \
    --mount=type=bind,source=go.sum,target=go.sum \
    --mount=type=cache,id=bench-gomod,target=/root/go/pkg/mod \
    cat /etc/ssl/certs/ca-certificates.crt >/tmp/ca.pem && printf %s "$certificates" >>/tmp/ca.pem && \
    SSL_CERT_FILE=/tmp/ca.pem go mod download
COPY . .
RUN --mount=type=cache,id=bench-gomod,target=/root/go/pkg/mod \
    --mount=type=cache,id=bench-gobuild,target=/root/.cache/go-build \
    go build -trimpath -ldflags "-s -w" -o /app .

FROM nua-python:${nua_version}
COPY --from=build /app /nua/build/bin/bench-go
CMD ["/nua/build/bin/bench-go"]
