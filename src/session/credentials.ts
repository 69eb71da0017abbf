/** Credentials of the URLs in an app's configuration. */

/** An address with a password, and how it is written everywhere. */ import {
  HIDDEN,
  hideCredentials,
} from "../lib/secrets.ts";

export interface Credential {
  /** With asterisks in the place of name and password. */
  shown: string;
  address: string;
  /** Whether the build itself reads it: a source is fetched before. */
  inBuild: boolean;
}

/**
 * An address with asterisks in the place of its name and password, and those: of its beginning, as
 * rewrites have it, whose first part has no "=".
 */
export function splitCredential(address: string): {
  shown: string;
  credential: Credential | undefined;
} {
  const shown = hideCredentials(address);
  if (shown === address || !shown.includes(`${HIDDEN}@`)) return { shown, credential: undefined };
  const end = shown.search(/[?#=]/);
  const rest = end < 0 ? 0 : shown.length - end;
  const credential = {
    shown: shown.slice(0, shown.length - rest),
    address: address.slice(0, address.length - rest),
    inBuild: false,
  };
  return { shown, credential };
}

/** As rewrites of addresses: what reads them asks for the one, and gets the other. */
export function credentialRewrites(credentials: readonly Credential[]): string {
  return credentials.map(({ shown, address }) => `${shown}=${address}`).join(" ");
}
