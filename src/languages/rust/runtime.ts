/** The Rust toolchain: versions, and how it is installed. Nothing runs with it. */
import type { Runtime } from "../runtime.ts";
import { DISTRIBUTION_RUST, rustVersions } from "./versions.ts";

export const rustRuntime: Runtime = {
  language: "rust",
  // Those that Debian has packages of, by their names.
  versions: ["1.96", "1.85"].map((version) => ({
    version,
    names: ["rust-", "rust", "nua-builder-rust"].map((prefix) => prefix + version),
  })),
  rules: rustVersions,
  distribution: DISTRIBUTION_RUST,
  packaged: "first",
  onlyBuilds: true,
  base: {
    dockerfile: "rust/base.Dockerfile",
    argument: "rust_version",
    versionFile: "/nua/rust_version",
    installer: {
      word: "install-rust",
      folder: { flag: "--root", fallback: "/" },
      example: "1.85",
      load: () => import("./agent/install-rust.ts"),
    },
  },
};
