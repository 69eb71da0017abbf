/** No registry, but a cache: what compilers of C and C++ have made, kept from build to build. */
import { encode } from "./package-url.ts";
import { defineRegistry } from "./registry.ts";

const FOLDER = "ccache";

export const ccache = defineRegistry<never>({
  kind: "ccache",
  settings: [],
  caches: [{ name: FOLDER, isShared: false }],

  /**
   * An object is found by what it was made from: the compiler itself, its options and all that it
   * has read. Source: ccache(1), "Configuration options".
   */
  clients: ({ folder }) => ({
    env: {
      CCACHE_DIR: `${folder}/${FOLDER}`,
      CCACHE_COMPILERCHECK: "content",
      CCACHE_MAXSIZE: "1G",
      CCACHE_UMASK: "022",
    },
  }),

  packageUrl: ({ name, version }) => `pkg:generic/${encode(name)}@${encode(version)}`,
  wanted: [],
});
