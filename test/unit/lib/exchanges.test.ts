import { describe, expect, test } from "bun:test";
import { bodyDigest, wantedObject } from "../../../src/protocol/exchanges.ts";

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

describe("the digest of a request's body", () => {
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

describe("what a request of git wants", () => {
  const ONE = "0123456789abcdef0123456789abcdef01234567";
  const OTHER = ONE.replaceAll("0", "f");
  const LONG = "0123456789abcdef".repeat(4);

  test.each([
    ["a commit", [`want ${ONE}\n`], ONE],
    ["a commit, without the end of a line", [`want ${ONE}`, "done"], ONE],
    ["a commit, as older versions ask", [`want ${ONE} multi_ack side-band-64k\n`], ONE],
    ["a commit of a repository with SHA-256", [`want ${LONG}\n`], LONG],
    ["the same twice", [`want ${ONE}\n`, `want ${ONE}\n`], ONE],
    ["several branches", [`want ${ONE}\n`, `want ${OTHER}\n`], null],
    ["files that were left out", [`want ${ONE}\n`, "filter blob:none"], null],
    ["nothing", ["command=ls-refs\n"], null],
  ])("%s", (_, packets, expected) => {
    expect(wantedObject(Buffer.from(`${packets.map(packet).join("")}0000`))).toBe(expected);
  });
});
