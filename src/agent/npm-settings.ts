/** What npm, yarn and gem read from a file that only exists during the build. */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { takeCredentials } from "../lib/secrets.ts";
import type { NetworkSettings } from "../protocol/network-settings.ts";

/**
 * npm takes no password in an address: it stands in a file of its own, for that address.
 * @returns the variables that lead npm, pnpm and yarn to it
 */
export function writeNpmSettings(
  { npmRegistry }: NetworkSettings,
  scratch: string,
): Record<string, string> {
  const found = npmRegistry === undefined ? undefined : takeCredentials(npmRegistry);
  if (found === undefined) return {};
  const pair = `${found.name}:${found.password}`;
  const place = found.url.replace(/^[a-z]+:/, "").replace(/\/*$/, "/");
  const file = join(scratch, "npmrc");
  const lines = [
    `${place}:_auth=${Buffer.from(pair, "utf8").toString("base64")}`,
    "always-auth=true",
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  // The build's own user reads it as well.
  chmodSync(file, 0o644);
  return {
    npm_config_userconfig: file,
    YARN_NPM_AUTH_IDENT: pair,
    YARN_NPM_ALWAYS_AUTH: "true",
  };
}

/** Source: RubyGems, "gem environment", GEMRC. */
export function writeGemSettings(
  { gemMirror }: NetworkSettings,
  scratch: string,
): Record<string, string> {
  if (gemMirror === undefined) return {};
  const file = join(scratch, "gemrc");
  writeFileSync(file, `:sources:\n- ${JSON.stringify(gemMirror)}\n`);
  chmodSync(file, 0o644);
  return { GEMRC: file };
}
