/**
 * Takes parts of package.json away for the time of an installation, and brings them back:
 * `node edit_manifests.cjs without-scripts|without-dev|restore FILE…`
 *
 * - without-scripts: those that the installation would run, which read the app's own files
 * - without-dev: dependencies for development; and those scripts, which have run already
 */
const fs = require("node:fs");
const path = require("node:path");

const SCRIPTS = [
  ...["preinstall", "install", "postinstall", "prepublish", "dependencies"],
  ...["preprepare", "prepare", "postprepare", "pnpm:devPreinstall"],
];

const CHANGES = {
  "without-scripts": withoutScripts,
  "without-dev": (manifest) => {
    withoutScripts(manifest);
    delete manifest.devDependencies;
  },
};

const [, , what, ...files] = process.argv;
const kept = path.join(process.env.TMPDIR || "/tmp", "manifests");
const copyOf = (file) => path.join(kept, encodeURIComponent(file));

fs.mkdirSync(kept, { recursive: true });
for (const file of files) {
  if (what === "restore") {
    copy(copyOf(file), file);
    fs.unlinkSync(copyOf(file));
    continue;
  }
  copy(file, copyOf(file));
  if (!file.endsWith(".json")) continue;
  const manifest = JSON.parse(fs.readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
  CHANGES[what](manifest);
  fs.writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
}

function withoutScripts(manifest) {
  for (const name of SCRIPTS) delete manifest.scripts?.[name];
}

/** With its times: they are part of an image. */
function copy(from, to) {
  fs.copyFileSync(from, to);
  const { atime, mtime } = fs.statSync(from);
  fs.utimesSync(to, atime, mtime);
}
