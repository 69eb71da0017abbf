/** Installs PHP with php-fpm and nginx, of the distribution's packages, and what serves an app by them. */
import { join } from "node:path";
import { type Command, shell } from "../../../protocol/command.ts";
import type { InstallRequest, InstallTools } from "../../installer.ts";
import { BASE_EXTENSIONS } from "./base-extensions.ts";
import serve from "./serve-php.sh" with { type: "text" };

/** The Debian packages of an image with this PHP, below the root; one on each line. */
const PHP_PACKAGES = "nua/php_packages";

/**
 * @param request.folder "/" installs here. Any other folder gets what is to be copied to an image's
 *   top, and PHP_PACKAGES below it: what is to be installed there.
 * @throws CommandError (build) when apt fails
 */
export async function install(
  { wanted, folder: root }: InstallRequest,
  { execute, debian, write }: InstallTools,
): Promise<void> {
  write(`==> Install PHP ${wanted} for ${root}\n`);
  const packages = packagesOf(wanted);
  if (root === "/") {
    await execute([
      debian.updateLists(),
      ...debian.install(packages),
      ...filesFor(wanted, root),
      shell("php -r 'echo PHP_VERSION, PHP_EOL;' >/nua/php_version"),
      ...debian.removeBorrowed(),
    ]);
    return;
  }
  const text = packages.map((name) => `${name}\n`).join("");
  await execute([
    ...filesFor(wanted, root),
    { kind: "write", path: join(root, PHP_PACKAGES), text, mode: 0o644 },
  ]);
}

// --- internal ---

function packagesOf(version: string): string[] {
  const parts = ["fpm", "cli", ...BASE_EXTENSIONS];
  return [...parts.map((name) => `php${version}-${name}`), "nginx-light"];
}

function filesFor(version: string, root: string): Command[] {
  return [
    { kind: "write", path: join(root, "usr/local/bin/serve-php"), text: serve, mode: 0o755 },
    {
      kind: "write",
      path: join(root, `etc/php/${version}/fpm/conf.d/90-nua.ini`),
      ...{ text: INI, mode: 0o644 },
    },
  ];
}

/** Beside what php.ini-production says. An app's own .user.ini counts more. */
const INI = `; What apps in containers want. Written by nua-build.
memory_limit = \${PHP_MEMORY_LIMIT}
upload_max_filesize = \${PHP_UPLOAD_LIMIT}
post_max_size = \${PHP_UPLOAD_LIMIT}
expose_php = Off
display_errors = Off
log_errors = On
error_log = /proc/self/fd/2
; $_ENV has the container's environment.
variables_order = EGPCS
; No job of the distribution's clears old sessions here.
session.gc_probability = 1
session.gc_divisor = 1000
opcache.enable = 1
opcache.memory_consumption = 128
opcache.interned_strings_buffer = 16
opcache.max_accelerated_files = 20000
realpath_cache_size = 4096K
realpath_cache_ttl = 600
`;
