/** Credentials of the URLs in an app's configuration. */

/** An address with a password, and how it is written everywhere. */
export interface Credential {
  /** With asterisks in the place of name and password. */
  shown: string;
  address: string;
  /** Whether the build itself reads it: a source is fetched before. */
  inBuild: boolean;
}

/** As rewrites of addresses: what reads them asks for the one, and gets the other. */
export function credentialRewrites(credentials: readonly Credential[]): string {
  return credentials.map(({ shown, address }) => `${shown}=${address}`).join(" ");
}
