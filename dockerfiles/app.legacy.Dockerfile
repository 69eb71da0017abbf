# The default Dockerfile of an app, for builders that cannot mount (the engine's legacy one), or do
# so with a faulty cache (buildah): the agent is there from the base image, and the context is
# copied with its final owner, so that no later layer stores it again.
ARG nua_builder_tag
ARG nua_base_tag
FROM ${nua_builder_tag} AS app
COPY --chown=nua:nua . /nua/build
RUN app_builder
CMD ["python", "/nua/scripts/start.py"]

# [kept] Of an app that needs little of what was built, upon another base: followed by a line for
# each folder.
FROM ${nua_base_tag}
