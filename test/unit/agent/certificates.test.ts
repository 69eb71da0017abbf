import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeCertificates } from "../../../src/agent/certificates.ts";

test("certificates are added to those of the image, in a file that programs are led to", () => {
  const folder = mkdtempSync(join(tmpdir(), "nua-certificates-"));
  try {
    const all = join(folder, "certificates.pem");
    const added = join(folder, "added-certificates.pem");
    const written = writeCertificates("MINE", folder);
    expect(written.files).toEqual({ all, added });
    expect(new Set(Object.values(written.env))).toEqual(new Set([all]));
    expect(readFileSync(all, "utf8")).toEndWith("\nMINE");
    // Node has its own; all of them once more would cost each program time.
    expect(readFileSync(added, "utf8")).toBe("MINE");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("without certificates nothing is written or set", () => {
  expect(writeCertificates(undefined, "/no/such/folder")).toEqual({ env: {}, files: null });
});
