/** From where a build reads what it needs of others. */
import type { BundleReference } from "../airgap/bundle/bundle-index.ts";

export type Reading =
  /** The network. */
  | { from: "network" }
  /** The network, and everything that is read is kept. */
  | { from: "network"; keep: KeepFetched }
  /** What was kept, and nothing else: the build has no network. */
  | { from: "bundle"; inputs: SealedInputs };

/** Takes note of a file that nua-build itself has fetched. */
export type KeepFetched = (fetched: {
  url: string;
  file: string;
  sha256: string;
  bytes: number;
  /** The key of the nua-config. */
  wantedBy: string;
}) => Promise<void>;

/** What a sealed build reads. */
export interface SealedInputs {
  /** With exchanges.json and the blobs that it names: see src/protocol/exchanges.ts. */
  folder: string;
  /** The bundle that they are from; the newest, where there are several. */
  bundle: BundleReference;
  /** Digests of all blobs that are at hand here, for whoever is to bring what is missing. */
  held: readonly string[];
  /** Whether they are read only to see that they are all there, beside a network. */
  isProof: boolean;
}

/** In three words, for what depends on nothing else of it. */
export type ReadingMode = "network" | "captured" | "sealed";

export function readingMode(reading: Reading): ReadingMode {
  if (reading.from === "bundle") return "sealed";
  return "keep" in reading ? "captured" : "network";
}
