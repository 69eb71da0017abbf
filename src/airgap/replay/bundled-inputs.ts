/** Inputs that open bundles offer to builds. */
import type { BundleReference } from "../bundle/bundle-index.ts";

export interface BundledInputs {
  /** With exchanges.json and the blobs that it names: see src/protocol/exchanges.ts. */
  folder: string;
  /** The bundle that they are from; the newest, where there are several. */
  bundle: BundleReference;
  /** Digests of all blobs that are at hand here, for whoever is to bring what is missing. */
  held: readonly string[];
  /** Whether they are read only to see that they are all there, beside a network. */
  isVerification: boolean;
}
