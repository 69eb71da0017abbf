import { describe, expect, test } from "bun:test";
import { bodyDigest } from "../../../src/shared/exchanges.ts";

/** A packet of git's, led by its length. */
function packet(text: string): string {
  return (text.length + 4).toString(16).padStart(4, "0") + text;
}

function fetchBody(agent: string, want: string): Buffer {
  const lines = ["command=fetch", `agent=${agent}`, "object-format=sha1"].map(packet);
  return Buffer.from(
    `${lines.join("")}0001${packet("thin-pack")}${packet(`want ${want}\n`)}0009done\n0000`,
  );
}

describe("the digest of a question's body", () => {
  test("is the same for every version of git", () => {
    expect(bodyDigest(fetchBody("git/2.39.5", "a"))).toBe(
      bodyDigest(fetchBody("git/2.51.0-Linux", "a")),
    );
    expect(bodyDigest(Buffer.from(packet("agent=git/2.39.5\n")))).toBe(bodyDigest(Buffer.from("")));
  });

  test("tells apart what is wanted, though no line ends between", () => {
    expect(bodyDigest(fetchBody("git/2.39.5", "a"))).not.toBe(
      bodyDigest(fetchBody("git/2.39.5", "b")),
    );
  });

  test("is that of all bytes elsewhere", () => {
    const body = Buffer.from([0, 255, 10, 128]);
    expect(bodyDigest(body)).toBe(new Bun.CryptoHasher("sha256").update(body).digest("hex"));
  });
});
