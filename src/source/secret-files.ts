/**
 * Pure: which files are left out as secrets, by name and by content.
 *
 * They are left out of images and bundles, at any depth, unless build.manifest or a `!` line
 * of .dockerignore names them.
 */

/** Why a file is taken for a secret; for messages. */
export type SecretReason = string;

export interface SecretRule {
  reason: SecretReason;
  /**
   * Whether a text holds a secret; null where the name tells enough. What cannot be read as what
   * the name says is taken for one.
   */
  isSecret: ((text: string) => boolean) | null;
}

/** Of a file that is looked into, only so many bytes are: what is larger is something else. */
export const SECRET_FILE_BYTES = 1024 * 1024;

/**
 * @param path relative to the app's folder
 * @returns undefined for a file that is none by its name
 */
export function findSecretRule(path: string): SecretRule | undefined {
  return MAYBE.test(path) ? RULES.find(({ pattern }) => pattern.test(path)) : undefined;
}

/** The folders that hold nothing but secrets. @param path as above */
export function isSecretFolder(path: string): boolean {
  return FOLDERS.test(path);
}

// --- internal ---

/** What every path of the list has, to be found cheaply: few of an app's files go on from here. */
const MAYBE =
  /(^|\/)([._]|id_|pip\.(conf|ini)$|auth\.json$|config\/)|\.(pem|key|ppk|p12|pfx|kdbx)$|credential|service[-_]?account|client[-_]?secret/i;

const FOLDERS =
  /(^|\/)(\.(ssh|gnupg|aws|azure|kube|gcloud|password-store)|\.config\/(gcloud|gh))$/i;

const PRIVATE_KEY = /-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY( BLOCK)?-----|^PuTTY-User-Key-File-/m;

/**
 * An address with a password, unless that comes from the environment. Here and below, nothing of
 * open length is looked for from each place of a text again.
 */
const PASSWORD_IN_ADDRESS = /[a-z+.-]:\/\/[^\s/@:]*:(?!\$\{?\w)[^\s/@]+@/i;

/** What services issue: GitHub, GitLab, npm, PyPI, AWS, Slack, Stripe, Google, and web tokens. */
const TOKEN =
  /\b(gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{15,}|npm_\w{30,}|pypi-[\w-]{30,}|AKIA[0-9A-Z]{16}|xox[abprs]-[\w-]{10,}|[sr]k_live_\w{16,}|AIza[\w-]{35}|(?<![\w-])eyJ[\w-]{10,}\.eyJ[\w-]{10,})/;

interface Row {
  pattern: RegExp;
  reason: SecretReason;
  isSecret?: (text: string) => boolean;
}

/** The first one that fits a path decides. */
const ROWS: readonly Row[] = [
  {
    // .env.production, .env.development, .env.example and their like are made to be handed on.
    pattern: /(^|\/)\.env(\.([\w-]+\.)?local)?$|(^|\/)\.dev\.vars$/i,
    reason: "settings of this machine",
  },
  { pattern: /(^|\/)\.env(rc$|\.)/i, reason: "a token", isSecret: holdsToken },
  {
    pattern:
      /(^|\/)\.(netrc|pgpass|my\.cnf|mylogin\.cnf|msmtprc|git-credentials|htpasswd|pypirc)$/i,
    reason: "passwords",
  },
  {
    pattern: /(^|\/)(_netrc|\.(s3cfg|boto|dockercfg|dockerconfigjson|vault-token|terraformrc))$/i,
    reason: "passwords",
  },
  {
    pattern:
      /(^|\/)(\.docker\/config\.json|\.gem\/credentials|\.cargo\/credentials(\.toml)?|\.streamlit\/secrets\.toml|\.terraform\.d\/credentials\.tfrc\.json)$/i,
    reason: "passwords",
  },
  {
    pattern: /(^|\/)\.(\w+_history|viminfo|lesshst|wget-hsts)$/i,
    reason: "what somebody has typed",
  },
  {
    pattern: /(^|\/)(id_(rsa|dsa|ecdsa|ed25519)(_sk)?|config\/(master|credentials\/[\w-]+)\.key)$/i,
    reason: "a private key",
  },
  { pattern: /\.(p12|pfx|kdbx)$/i, reason: "private keys" },
  {
    pattern: /\.(pem|key|ppk)$/i,
    reason: "a private key",
    isSecret: (text) => PRIVATE_KEY.test(text),
  },
  { pattern: /(^|\/)\.npmrc$/i, reason: "a token", isSecret: isSecretNpmrc },
  { pattern: /(^|\/)\.yarnrc(\.ya?ml)?$/i, reason: "a token", isSecret: isSecretYarnrc },
  { pattern: /(^|\/)\.bundle\/config$/i, reason: "a password", isSecret: isSecretBundleConfig },
  {
    pattern:
      /(^|\/)(\.?pip\.(conf|ini)|\.condarc|\.gitconfig|\.hgrc|\.curlrc|\.wgetrc|\.m2\/settings\.xml)$/i,
    reason: "a password",
    isSecret: (text) =>
      /(^|[\s<_.-])(pass(word)?|passphrase|user|token|_authtoken)\b\s*[=:>]\s*(?!\$\{)\S/im.test(
        text,
      ) || holdsToken(text),
  },
  {
    pattern: /(^|\/)auth\.json$/i,
    reason: "a token",
    isSecret: (text) => /"(http-basic|github-oauth|gitlab-token|bearer|forgejo-token)"/.test(text),
  },
  {
    pattern: /(^|[/._-])(credentials?|service[-_]?account|client[-_]?secret)[\w.-]*\.json$/i,
    reason: "a private key",
    isSecret: (text) => /"(private_key|client_secret)"\s*:\s*"[^"]/.test(text),
  },
];

const RULES = ROWS.map(({ isSecret = null, ...row }) => ({ ...row, isSecret }));

function holdsToken(text: string): boolean {
  return PRIVATE_KEY.test(text) || PASSWORD_IN_ADDRESS.test(text) || TOKEN.test(text);
}

function settingLines(text: string): string[] {
  return text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^[#;]/.test(line));
}

/** Values that the environment gives, as in `${NPM_TOKEN}`, are no secrets. */
const FROM_ENVIRONMENT = /^"?\$\{\w+[^}]*\}"?$/;

/** Source: npm, "npmrc": `key = value`, `key[] = value`, `[section]`. */
function isSecretNpmrc(text: string): boolean {
  return settingLines(text).some((line) => {
    const [, key, value = ""] = /^([\w@/:.[\]-]+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (key === undefined) return !/^\[[\w.-]*\]$/.test(line);
    const isCredential = /(^|:)_?(auth|authToken|password|username|key|cert)$/i.test(key);
    if (isCredential && value !== "" && !FROM_ENVIRONMENT.test(value)) return true;
    return holdsToken(value);
  });
}

/** Source: yarn, ".yarnrc": `key value`; "Yarnrc files": YAML. */
function isSecretYarnrc(text: string): boolean {
  return settingLines(text).some((line) => {
    const [, key = "", value = ""] = /^"?([^\s"]+?)"?:?\s+(.*)$/.exec(line) ?? [];
    const isEntry = key !== "" || /^("?[^\s"]+"?:|-.*|[\])}]+)$/.test(line);
    const isCredential = /(_auth|authToken|authIdent|_password|httpsKey)$/i.test(key);
    if (!isEntry) return true;
    return (isCredential && !FROM_ENVIRONMENT.test(value)) || holdsToken(value);
  });
}

/** Source: bundler, "bundle config": the names of hosts have credentials as their values. */
function isSecretBundleConfig(text: string): boolean {
  return settingLines(text).some((line) => {
    if (line === "---") return false;
    const [, key, value = ""] = /^(BUNDLE_[\w.-]+):\s*(.*)$/.exec(line) ?? [];
    if (key === undefined) return !/^(- .*|["\w -]+"?)$/.test(line) || !text.startsWith("---");
    const isHost = /__(COM|ORG|NET|IO|DEV|EU|DE|FR|[A-Z]{2,})\d*$/.test(key);
    const isSetting = /^BUNDLE_(BUILD|MIRROR|LOCAL|DISABLE|FROZEN|ALLOW|JOBS|PATH|WITH|GEM)/.test(
      key,
    );
    const plain = value.replace(/^["']|["']$/g, "");
    const isPair = /^[^\s:/]+:[^\s:/]+$/.test(plain) || /^x-oauth|token/i.test(plain);
    return (isHost && !isSetting) || (isHost && isPair) || holdsToken(plain);
  });
}
