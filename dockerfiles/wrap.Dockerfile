# The wrap method: an existing image with the app's configuration added. No RUN: the image may
# have no shell, and its user may not be root.
ARG nua_wrap_tag
FROM ${nua_wrap_tag}
COPY nua-config.json /nua/metadata/nua-config.json
