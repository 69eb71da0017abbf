# What an expert would write for examples/hello-python, on the same base. Build backends are the
# distribution's, as no index need be reached for them.
ARG nua_version
FROM nua-python:${nua_version}
WORKDIR /nua/build
ARG PIP_INDEX_URL
ARG PIP_TRUSTED_HOST
RUN --mount=type=bind,source=pyproject.toml,target=/tmp/pyproject.toml \
    --mount=type=cache,id=bench-pip,target=/root/.cache/pip \
    python -c 'import tomllib; [print(d) for d in tomllib.load(open("/tmp/pyproject.toml", "rb"))["project"].get("dependencies", [])]' \
        >/tmp/requirements.txt && \
    pip install --no-compile --cache-dir /root/.cache/pip -r /tmp/requirements.txt && \
    rm /tmp/requirements.txt
COPY . .
RUN PYTHONPATH=/usr/lib/python3/dist-packages \
    pip install --no-compile --no-build-isolation --no-deps .
RUN python -c 'import hello.server'
CMD ["python", "-m", "hello.server"]
