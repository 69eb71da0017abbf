# What an expert would write for bench/flask-ten, on the same base.
FROM nua-python:0.1.0
WORKDIR /nua/build
ARG PIP_INDEX_URL
ARG PIP_TRUSTED_HOST
RUN --mount=type=bind,source=requirements.txt,target=/tmp/requirements.txt \
    --mount=type=cache,id=bench-pip,target=/root/.cache/pip \
    pip install --no-compile --cache-dir /root/.cache/pip -r /tmp/requirements.txt
COPY . .
CMD ["gunicorn", "--worker-tmp-dir", "/dev/shm", "--bind", ":8080", "app:app"]
