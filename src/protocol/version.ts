import manifest from "../../package.json" with { type: "json" };

/** The version of nua-build; base images and the label NUA_BUILD_VERSION carry it. */
export const VERSION: string = manifest.version;
