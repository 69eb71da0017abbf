/**
 * Pure: certificates as Java reads them: a key store in the format JKS, which every Java knows and
 * which needs no program of Java's to be made. Source: OpenJDK, sun.security.provider.JavaKeyStore.
 */
/** The usual password, which keeps nothing secret: what is in it are certificates. */
const PASSWORD = "changeit";

/** @param pem certificates, with anything between them */
export function trustStore(pem: string): Uint8Array {
  const found = [...pem.matchAll(/-----BEGIN (?:TRUSTED )?CERTIFICATE-----([\s\S]+?)-----END/g)];
  const certificates = [...new Set(found.map(([, text]) => text!.replace(/\s+/g, "")))].map(
    (text) => Buffer.from(text, "base64"),
  );
  const body = Buffer.concat([
    number(0xfeedfeed),
    number(2),
    number(certificates.length),
    ...certificates.flatMap((der, index) => [
      // A certificate that is trusted.
      ...[number(2), text(`certificate-${index}`), Buffer.alloc(8), text("X.509")],
      ...[number(der.length), der],
    ]),
  ]);
  // node:crypto takes longer to load than all the registries.
  const digest = new Bun.CryptoHasher("sha1")
    .update(Buffer.from(PASSWORD, "utf16le").swap16())
    .update("Mighty Aphrodite")
    .update(body)
    .digest();
  return Buffer.concat([body, digest]);
}

// --- internal ---

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** As DataOutputStream writes it. */
function text(value: string): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value.length);
  return Buffer.concat([bytes, Buffer.from(value, "latin1")]);
}
