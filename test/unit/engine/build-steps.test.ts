import { expect, test } from "bun:test";
import { watchBuildSteps } from "../../../src/engine/build-steps.ts";

const outputs = {
  BuildKit: [
    "#5 [internal] load build context",
    "#5 DONE 0.0s",
    "#6 [builder 1/1] FROM docker.io/library/nua-builder:0.1.0",
    "#6 CACHED",
    "#7 [dependencies 1/1] RUN --mount=type=bind app_builder",
    "#7 CACHED",
    "#8 [app 1/1] RUN --mount=type=bind app_builder",
    "#8 0.431 ==> Copy the app's files",
    "#8 DONE 0.9s",
  ],
  "the legacy builder": [
    "Step 1/3 : FROM nua-builder:0.1.0",
    " ---> 080d66446e03",
    "Step 2/3 : COPY --chown=nua:nua . /nua/build",
    " ---> Using cache",
    "Step 3/3 : RUN app_builder",
    " ---> Running in 1a2b",
  ],
  buildah: ["STEP 1/2: FROM x", "STEP 2/2: RUN app_builder", "--> Using cache 0a1b"],
};

const told = {
  BuildKit: [
    "builder FROM docker.io/library/nua-builder:0.1.0 *",
    "dependencies RUN *",
    "app RUN ",
  ],
  "the legacy builder": ["FROM nua-builder:0.1.0 ", "COPY *", "RUN "],
  buildah: ["FROM x ", "RUN *"],
};

test.each(Object.keys(outputs) as (keyof typeof outputs)[])("the steps of %s", (builder) => {
  const watcher = watchBuildSteps();
  for (const line of outputs[builder]) watcher.onLine(line);
  const steps = watcher.steps().map(({ stage, text, isReused }) => {
    const shown = text.startsWith("FROM") ? text : text.split(" ")[0];
    return `${stage === null ? "" : `${stage} `}${shown} ${isReused ? "*" : ""}`;
  });
  expect(steps).toEqual(told[builder]);
});
