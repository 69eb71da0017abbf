/**
 * Writes the lock of a bundle: everything that builds have read, as an SPDX 2.3 document. Documents
 * of package indexes are packages in it as well: what SPDX calls a file needs a SHA-1, which
 * nothing here has.
 */

import { isoTime } from "../../images/reproducible/normalize-config.ts";
import { DEFAULT_EPOCH } from "../../images/reproducible/normalize-image.ts";
import { sha256Hex, withPrefix } from "../../lib/digest.ts";
import type { BundleApp, BundleImage, BundleIndex } from "./bundle-index.ts";
import { type FoundItem, listItems } from "./list-items.ts";
import { imageUrl, packageUrl } from "./purl.ts";

export interface LockRequest {
  index: Pick<BundleIndex, "tool" | "apps" | "images" | "exchanges">;
  /** Seconds since 1970; what it was made from has no time of its own. */
  epoch?: number | undefined;
}

/** The same bytes for the same request. */
export function formatLock({ index, epoch = DEFAULT_EPOCH }: LockRequest): Uint8Array {
  const { tool, exchanges } = index;
  const apps = index.apps.map(appPackage);
  const images = index.images.map(imagePackage);
  const things = listItems(exchanges).map(itemPackage);
  const subject = sha256Hex(Buffer.from(JSON.stringify([index.apps, index.images, exchanges])));
  const packages = [...apps, ...images, ...things];
  const document = {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: DOCUMENT,
    name: index.apps.map(({ tag }) => tag).join(", ") || "nua-bundle",
    documentNamespace: `https://nua.rocks/spdx/nua-bundle/${subject}`,
    creationInfo: {
      created: isoTime(epoch).replace(/\.\d+Z$/, "Z"),
      creators: [`Tool: nua-build-${tool}`],
    },
    packages: packages.map(({ role: _, ...spdx }) => spdx),
    relationships: [
      // A document has to describe something.
      ...(apps.length > 0 ? apps : packages).map(({ SPDXID }) => {
        return relation(DOCUMENT, "DESCRIBES", SPDXID);
      }),
      ...apps.flatMap((app) => [...images, ...things].map((thing) => relate(app, thing))),
    ],
  };
  return new TextEncoder().encode(`${JSON.stringify(document, null, 1)}\n`);
}

// --- internal ---

const DOCUMENT = "SPDXRef-DOCUMENT";

/** How an app needs it: also when it runs, or only while it is built. */
type Role = "run" | "build";

interface LockPackage {
  role: Role;
  SPDXID: string;
  name: string;
  versionInfo?: string;
  downloadLocation: string;
  filesAnalyzed: false;
  primaryPackagePurpose?: string;
  checksums: { algorithm: "SHA256"; checksumValue: string }[];
  externalRefs?: {
    referenceCategory: "PACKAGE-MANAGER";
    referenceType: "purl";
    referenceLocator: string;
  }[];
  sourceInfo?: string;
}

function appPackage({ tag, name, source }: BundleApp): LockPackage {
  return {
    role: "run",
    SPDXID: createId("app", tag, source),
    name,
    ...versionInfo(tag.slice(tag.lastIndexOf(":") + 1)),
    downloadLocation: "NOASSERTION",
    filesAnalyzed: false,
    primaryPackagePurpose: "APPLICATION",
    checksums: checksums(source),
    sourceInfo: `the app's folder, as it goes into the image ${tag}`,
  };
}

function imagePackage({ tag, config, layers }: BundleImage): LockPackage {
  return {
    role: "run",
    SPDXID: createId("image", tag, config),
    name: tag,
    ...versionInfo(withPrefix(config)),
    downloadLocation: "NOASSERTION",
    filesAnalyzed: false,
    primaryPackagePurpose: "CONTAINER",
    checksums: checksums(config),
    ...externalRefs(imageUrl(tag, withPrefix(config))),
    sourceInfo: `layers, lowest first: ${layers.map(({ diffId }) => diffId).join(" ")}`,
  };
}

function itemPackage(item: FoundItem): LockPackage {
  const { kind, name, version, url, sha256, wantedBy } = item;
  const reasons = wantedBy.filter((reason) => reason !== "");
  return {
    role: isForBuilding(item) ? "build" : "run",
    SPDXID: createId(kind, name, JSON.stringify([version, item.arch, sha256])),
    name,
    ...versionInfo(version),
    downloadLocation: kind === "git" ? `git+${name}${version === "" ? "" : `@${version}`}` : url,
    filesAnalyzed: false,
    ...(kind === "index" && { primaryPackagePurpose: "FILE" }),
    checksums: checksums(sha256),
    ...externalRefs(packageUrl(item)),
    ...(reasons.length > 0 && { sourceInfo: `wanted by ${reasons.join(", ")}` }),
  };
}

/** Documents of an index, and what only keys of the nua-config about building want. */
function isForBuilding({ kind, wantedBy }: FoundItem): boolean {
  return kind === "index" || wantedBy.every((reason) => /^build\b/.test(reason));
}

function relate(app: LockPackage, thing: LockPackage) {
  return thing.role === "run"
    ? relation(app.SPDXID, "DEPENDS_ON", thing.SPDXID)
    : relation(thing.SPDXID, "BUILD_DEPENDENCY_OF", app.SPDXID);
}

function relation(spdxElementId: string, relationshipType: string, relatedSpdxElement: string) {
  return { spdxElementId, relationshipType, relatedSpdxElement };
}

/** Letters, digits, dots and dashes; the digest tells apart what they make alike. */
function createId(kind: string, name: string, content: string): string {
  const readable = name.replace(/[^a-zA-Z0-9.-]+/g, "-").slice(-60);
  return `SPDXRef-${kind}-${readable}-${sha256Hex(Buffer.from(name + content)).slice(0, 16)}`;
}

function versionInfo(version: string): { versionInfo?: string } {
  return version === "" ? {} : { versionInfo: version };
}

function checksums(sha256: string): LockPackage["checksums"] {
  return [{ algorithm: "SHA256", checksumValue: sha256 }];
}

function externalRefs(purl: string | undefined): Pick<LockPackage, "externalRefs"> {
  if (purl === undefined) return {};
  const kind = { referenceCategory: "PACKAGE-MANAGER", referenceType: "purl" } as const;
  return { externalRefs: [{ ...kind, referenceLocator: purl }] };
}
