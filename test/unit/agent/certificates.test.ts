import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeCertificates } from "../../../src/agent/certificates.ts";

test("certificates are added to those of the image, in a file that programs are led to", () => {
  const folder = mkdtempSync(join(tmpdir(), "nua-certificates-"));
  try {
    const path = join(folder, "certificates.pem");
    const written = writeCertificates("MINE", folder);
    expect(written.path).toBe(path);
    expect(new Set(Object.values(written.env))).toEqual(new Set([path]));
    expect(Object.keys(written.env)).toContain("NODE_EXTRA_CA_CERTS");
    expect(readFileSync(path, "utf8")).toEndWith("\nMINE");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("without certificates nothing is written or set", () => {
  expect(writeCertificates(undefined, "/no/such/folder")).toEqual({ env: {}, path: null });
});
