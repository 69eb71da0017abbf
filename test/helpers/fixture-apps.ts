/** The apps of test/fixtures/apps, completed by what cannot be on file. */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { $ } from "zx";
import { type Client, docker } from "./engine.ts";
import { sha256, tinyweb, ZIP } from "./site.ts";

const quiet = $({ quiet: true });

export interface Preparation {
  folder: string;
  /** Of the site. */
  port: number;
  /** The image with a static program. */
  wrapped: string;
  /** Of the engine that has it. */
  client: Client;
}

/** Copies an app, and fills in addresses and checksums. @returns the copy */
export async function prepareApp(
  app: { name: string; path: string },
  { folder, port, wrapped, client }: Preparation,
): Promise<string> {
  const copy = join(folder, app.name);
  cpSync(app.path, copy, { recursive: true });
  const repository = join(folder, "repository");
  if (app.name === "git-branch" && !existsSync(repository)) await createRepository(repository);
  if (app.name === "wheel") {
    writeFileSync(join(copy, "tinyweb-1.0-py3-none-any.whl"), tinyweb("1.0"));
  }
  if (app.name === "prebuilt") await packRelease(join(copy, "release"), { wrapped, client });
  for (const name of readdirSync(copy).filter((file) => file.startsWith("nua-config."))) {
    const text = readFileSync(join(copy, name), "utf8")
      .replaceAll("@SITE@", `http://127.0.0.1:${port}`)
      .replaceAll("@ZIP_SHA256@", sha256(ZIP))
      .replaceAll("@REPO@", `file://${repository}`)
      .replaceAll("@WRAPPED@", wrapped);
    writeFileSync(join(copy, name), text);
  }
  return copy;
}

/** An image of one static program, without a shell, whose user is not root. */
export async function buildWrappedImage(
  client: Client,
  { folder, tag, base }: { folder: string; tag: string; base: string },
): Promise<void> {
  const context = join(folder, "wrapped");
  mkdirSync(context, { recursive: true });
  writeFileSync(join(context, "index.html"), "no shell here\n");
  writeFileSync(
    join(context, "Dockerfile"),
    `FROM ${base} AS tools
RUN apt-get update && apt-get install --yes --no-install-recommends busybox-static
FROM scratch
COPY --from=tools /bin/busybox /httpd
COPY index.html /www/index.html
USER 1000
CMD ["/httpd", "-f", "-p", "8000", "-h", "/www"]
`,
  );
  await docker(client, "build", "--quiet", "--tag", tag, context);
}

// --- internal ---

/** A release with the image's program, which has lost its execute bit. */
async function packRelease(
  folder: string,
  { wrapped, client }: Pick<Preparation, "wrapped" | "client">,
): Promise<void> {
  const top = join(folder, "httpd-1.0");
  mkdirSync(join(top, "bin"), { recursive: true });
  mkdirSync(join(top, "www"));
  const container = (await docker(client, "create", wrapped)).trim();
  await docker(client, "cp", `${container}:/httpd`, join(top, "bin/httpd"));
  await docker(client, "rm", container);
  chmodSync(join(top, "bin/httpd"), 0o644);
  writeFileSync(join(top, "www/index.html"), "from a release\n");
  const machine = process.arch === "arm64" ? "aarch64" : "x86_64";
  await quiet`tar -C ${folder} -czf ${join(folder, `httpd-1.0-linux-${machine}.tar.gz`)} httpd-1.0`;
}

async function createRepository(folder: string): Promise<void> {
  mkdirSync(folder);
  const git = quiet({
    cwd: folder,
    env: {
      ...process.env,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_AUTHOR_NAME: "Test",
      GIT_AUTHOR_EMAIL: "test@example.org",
      GIT_COMMITTER_NAME: "Test",
      GIT_COMMITTER_EMAIL: "test@example.org",
    },
  });
  await git`git init --quiet --initial-branch main`;
  writeFileSync(join(folder, "page.txt"), "from main\n");
  await git`git add page.txt`;
  await git`git commit --quiet --message First`;
  await git`git checkout --quiet -b release-1.0`;
  writeFileSync(join(folder, "page.txt"), "from branch release-1.0\n");
  await git`git commit --quiet --all --message Second`;
  await git`git checkout --quiet main`;
}
