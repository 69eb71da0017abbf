# What an expert would write for bench/flask-ten, on the same base.
ARG nua_version
FROM nua-python:${nua_version}
WORKDIR /nua/build
ARG PIP_INDEX_URL
ARG PIP_TRUSTED_HOST
RUN --mount=type=bind,source=requirements.txt,target=/tmp/requirements.txt \
    --mount=type=cache,id=bench-pip,target=/root/.cache/pip \
    pip install --no-compile --cache-dir /root/.cache/pip -r /tmp/requirements.txt
COPY . .
CMD ["gunicorn", "--worker-tmp-dir", "/dev/shm", "--bind", ":8080", "app:app"]
