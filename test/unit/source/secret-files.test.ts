import { expect, test } from "bun:test";
import { findSecretRule, isSecretFolder } from "../../../src/source/secret-files.ts";

const FROM_ENVIRONMENT = "$" + "{TOKEN}";
const KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n";

function isSecret(path: string, text: string): boolean {
  const rule = findSecretRule(path);
  return rule !== undefined && (rule.isSecret === null || rule.isSecret(text));
}

test.each([
  ...[".env", "sub/.env", ".env.local", ".env.production.local", ".ENV", ".dev.vars"],
  ...[".netrc", "sub/_netrc", ".pypirc", ".msmtprc", ".pgpass", ".git-credentials", ".htpasswd"],
  ...[".terraformrc", ".docker/config.json", ".cargo/credentials.toml", ".gem/credentials"],
  ...[".bash_history", "a/.python_history", ".streamlit/secrets.toml", "config/master.key"],
  ...["id_rsa", "deploy/id_ed25519", "client.p12", "store.kdbx"],
])("%s is a secret by its name", (path) => {
  expect(isSecret(path, "")).toBe(true);
});

test.each([".ssh", "home/.ssh", ".aws", ".gnupg", ".kube", ".config/gcloud"])(
  "%s is a folder of secrets",
  (path) => {
    expect(isSecretFolder(path)).toBe(true);
  },
);

test.each<[string, string]>([
  [".npmrc", "//registry.npmjs.org/:_authToken=npm_x"],
  [".npmrc", "_auth = dXNlcjpwYXNz"],
  [".npmrc", "//r.example/:_password=cGFzcw=="],
  [".npmrc", "registry=https://user:pass@r.example/"],
  [".npmrc", "what is this"],
  [".yarnrc.yml", "npmAuthToken: abcdef"],
  [".yarnrc.yml", 'npmScopes:\n  a:\n    npmAuthToken: "x"'],
  [".yarnrc", '"//r.example/:_authToken" abcdef'],
  [".bundle/config", '---\nBUNDLE_GEMS__EXAMPLE__COM: "user:pass"'],
  [".bundle/config", '---\nBUNDLE_MIRROR__HTTPS://RUBYGEMS__ORG/: "https://u:p@m.example/"'],
  [".bundle/config", "what is this"],
  ["pip.conf", "[global]\nindex-url = https://u:p@index.example/simple"],
  ["certs/server.pem", KEY],
  ["server.key", "-----BEGIN PRIVATE KEY-----\n"],
  ["keys/a.ppk", "PuTTY-User-Key-File-2: ssh-rsa"],
  [".envrc", "export TOKEN=ghp_0123456789abcdefghijABCDEFGHIJ"],
  [".env.production", "DATABASE=postgres://u:p@db/x"],
  ["auth.json", '{"http-basic": {}}'],
  ["gcp-service-account.json", '{"private_key": "-----BEGIN"}'],
])("%s with %j holds a secret", (path, text) => {
  expect(isSecret(path, text)).toBe(true);
});

test.each<[string, string]>([
  [".npmrc", "save-exact=true\n; a comment\nregistry = https://r.example/\n"],
  [".npmrc", `//registry.npmjs.org/:_authToken=${FROM_ENVIRONMENT}`],
  [".npmrc", "@scope:registry=https://npm.example/\npublic-hoist-pattern[]=*eslint*"],
  [".yarnrc.yml", "nodeLinker: node-modules\nplugins:\n  - path: x\n    spec: y\n"],
  [".yarnrc.yml", `npmAuthToken: "${FROM_ENVIRONMENT}"`],
  [".yarnrc", 'yarn-path ".yarn/releases/yarn-1.22.cjs"'],
  [".bundle/config", '---\nBUNDLE_PATH: "vendor/bundle"\nBUNDLE_WITHOUT: "development:test"\n'],
  [".bundle/config", '---\nBUNDLE_BUILD__NOKOGIRI: "--use-system-libraries"\n'],
  [".env.example", "KEY="],
  [".env.production", "VITE_API=https://api.example/"],
  [".env.sample", `DATABASE=postgres://user:${FROM_ENVIRONMENT}@db/x`],
  ["certs/ca.pem", "-----BEGIN CERTIFICATE-----\n"],
  ["notes.key", "a file of Keynote"],
  ["id_rsa.pub", "ssh-rsa AAAA"],
  ["pip.conf", "[global]\nindex-url = https://index.example/simple"],
  ["auth.json", '{"roles": []}'],
  [".cargo/config.toml", "[build]"],
  [".streamlit/config.toml", "[server]"],
  [".flaskenv", "FLASK_APP=app"],
  [".htaccess", "Require all granted"],
  ["env", ""],
  [".environment", ""],
])("%s with %j is no secret", (path, text) => {
  expect(isSecret(path, text)).toBe(false);
});

test.each([
  ["a long word", "x=".padEnd(1_000_000, "a")],
  ["what begins like a web token, often", `x=${"eyJ-".repeat(250_000)}`],
  ["what begins like an address, often", `x=${"a://b:".repeat(150_000)}`],
  ["what begins like a setting, often", "pass ".repeat(200_000)],
  ["lines without end", "\n".repeat(1_000_000)],
])(
  "no text takes long to look into: %s",
  (_, text) => {
    const begin = performance.now();
    for (const path of [".env.x", "a.pem", ".npmrc", ".yarnrc", ".gitconfig", ".bundle/config"]) {
      isSecret(path, text);
    }
    expect(performance.now() - begin).toBeLessThan(20_000);
  },
  600_000,
);
