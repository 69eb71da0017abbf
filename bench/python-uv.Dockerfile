# What an expert would write for bench/python-uv, on the same base.
ARG nua_version
FROM nua-python:${nua_version} AS build
WORKDIR /nua/build
# In PEM; no secret, and BuildKit would read the whole base image for one.
ARG certificates
ENV UV_LINK_MODE=copy UV_CACHE_DIR=/var/cache/uv UV_PYTHON_DOWNLOADS=never
RUN --mount=type=cache,id=bench-pip,target=/root/.cache/pip \
    cat /etc/ssl/certs/ca-certificates.crt >/tmp/ca.pem && printf %s "$certificates" >>/tmp/ca.pem && \
    PIP_CERT=/tmp/ca.pem pip install --no-compile --cache-dir /root/.cache/pip uv==0.13.9
RUN --mount=type=bind,source=pyproject.toml,target=pyproject.toml \
    --mount=type=bind,source=uv.lock,target=uv.lock \
    --mount=type=cache,id=bench-uv,target=/var/cache/uv \
    SSL_CERT_FILE=/tmp/ca.pem uv sync --frozen --no-dev --no-install-project

FROM nua-python:${nua_version}
WORKDIR /nua/build
ENV PATH=/nua/build/.venv/bin:$PATH
COPY --from=build /nua/build/.venv .venv
COPY . .
CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000"]
