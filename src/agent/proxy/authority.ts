/**
 * A temporary certificate authority for the proxy, with keys in memory only. It writes its
 * certificates itself, because of what `openssl` of Debian 12 and Ubuntu 22.04 cannot: let them
 * begin before now. Clocks of machines without a network are wrong, and jump.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";
import {
  bitString,
  commonName,
  encode,
  integer,
  objectId,
  octetString,
  sequence,
  TRUE,
  utcTime,
} from "../../lib/der.ts";

export interface Authority {
  /** Its own certificate, in PEM. */
  certificate: string;
  /** What a server of that name proves itself with, in PEM. */
  pairFor(host: string): { cert: string; key: string };
}

export function createAuthority(): Authority {
  const own = createKeys();
  // One for all hosts: they are all served from here.
  const site = createKeys();
  const key = site.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const known = new Map<string, string>();
  return {
    certificate: writeCertificate({ ...CA, keys: own, issuer: own, extensions: CA_EXTENSIONS }),
    pairFor(host) {
      const cert =
        known.get(host) ??
        writeCertificate({ ...SITE, keys: site, issuer: own, extensions: siteExtensions(host) });
      known.set(host, cert);
      return { cert, key };
    },
  };
}

// --- internal ---

interface Keys {
  publicKey: KeyObject;
  privateKey: KeyObject;
}

interface Certificate {
  subject: string;
  keys: Keys;
  issuer: Keys;
  extensions: readonly Uint8Array[];
}

const CA = { subject: "nua-build" };
const SITE = { subject: "nua-build inputs" };

/** Whatever the clock says. */
const FROM = "700101000000Z";
const UNTIL = "491231235959Z";

const ECDSA_WITH_SHA256 = sequence(objectId("1.2.840.10045.4.3.2"));

/** Source: RFC 5280, 4.2.1. */
const ID = {
  subjectKey: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  authorityKey: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
  serverAuth: "1.3.6.1.5.5.7.3.1",
};

const CA_EXTENSIONS = [
  critical(ID.basicConstraints, sequence(TRUE)),
  // To sign certificates and lists of revoked ones.
  critical(ID.keyUsage, bitString(Buffer.from([0x06]), 1)),
];

function siteExtensions(host: string): Uint8Array[] {
  return [
    critical(ID.basicConstraints, sequence()),
    // To sign.
    critical(ID.keyUsage, bitString(Buffer.from([0x80]), 7)),
    extension(ID.extendedKeyUsage, sequence(objectId(ID.serverAuth))),
    extension(ID.subjectAltName, sequence(generalName(host))),
  ];
}

function writeCertificate({ subject, keys, issuer, extensions }: Certificate): string {
  const all = [
    ...extensions,
    extension(ID.subjectKey, octetString(keyId(keys))),
    extension(ID.authorityKey, sequence(encode(0x80, keyId(issuer)))),
  ];
  const signed = sequence(
    encode(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ECDSA_WITH_SHA256,
    commonName(CA.subject),
    sequence(utcTime(FROM), utcTime(UNTIL)),
    commonName(subject),
    publicBytes(keys),
    encode(0xa3, sequence(...all)),
  );
  const signature = bitString(sign("sha256", signed, issuer.privateKey));
  const base64 = sequence(signed, ECDSA_WITH_SHA256, signature).toString("base64");
  const lines = base64.match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

function createKeys(): Keys {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

function publicBytes({ publicKey }: Keys): Buffer {
  return publicKey.export({ type: "spki", format: "der" });
}

/** Source: RFC 5280, 4.2.1.2: the digest of the key's own bits, which are the last. */
function keyId(keys: Keys): Buffer {
  return createHash("sha1").update(publicBytes(keys).subarray(-POINT_BYTES)).digest();
}

/** A point of the curve: a mark and two numbers of 32 bytes. */
const POINT_BYTES = 65;

function generalName(host: string): Buffer {
  const bytes = addressBytes(host);
  return bytes === null ? encode(0x82, Buffer.from(host, "latin1")) : encode(0x87, bytes);
}

function addressBytes(host: string): Buffer | null {
  if (isIPv4(host)) return Buffer.from(host.split(".").map(Number));
  if (!isIPv6(host)) return null;
  const [head = "", tail] = host.split("::");
  const groups = (text: string) => text.split(":").filter((group) => group !== "");
  const [before, after] = [groups(head), groups(tail ?? "")];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  const all = [...before, ...zeros, ...after];
  return Buffer.from(all.map((group) => group.padStart(4, "0")).join(""), "hex");
}

function extension(id: string, value: Uint8Array): Buffer {
  return sequence(objectId(id), octetString(value));
}

function critical(id: string, value: Uint8Array): Buffer {
  return sequence(objectId(id), TRUE, octetString(value));
}
