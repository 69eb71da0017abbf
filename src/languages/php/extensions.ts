/** Extensions of PHP, and the Debian packages that bring them. Pure. */
import { BASE_EXTENSIONS } from "./agent/base-extensions.ts";

/** What PHP of Debian and Ubuntu has without another package, or the base image brings for all. */
const THERE: readonly string[] = [
  ...["calendar", "core", "ctype", "date", "exif", "ffi", "fileinfo", "filter", "ftp", "gettext"],
  ...["hash", "iconv", "json", "libxml", "openssl", "pcntl", "pcre", "pdo", "phar", "posix"],
  ...["random", "readline", "reflection", "session", "shmop", "sockets", "sodium", "spl"],
  ...["standard", "sysvmsg", "sysvsem", "sysvshm", "tokenizer", "zlib", "opcache", "zend-opcache"],
];

/** Those of one package that several extensions are in. */
const TOGETHER: Readonly<Record<string, string>> = {
  ...{ dom: "xml", simplexml: "xml", xmlreader: "xml", xmlwriter: "xml", xsl: "xml" },
  ...{ mysqli: "mysql", pdo_mysql: "mysql", mysqlnd: "mysql" },
  ...{ pdo_pgsql: "pgsql", pdo_sqlite: "sqlite3", pdo_odbc: "odbc", pdo_dblib: "sybase" },
  ...{ pdo_firebird: "interbase", interbase: "interbase", ibase: "interbase" },
};

/** Those whose package is called like them: php-NAME. */
const OWN: readonly string[] = [
  ...["bcmath", "bz2", "dba", "enchant", "gd", "gmp", "imap", "intl", "ldap", "mysql", "odbc"],
  ...["pgsql", "pspell", "snmp", "soap", "sqlite3", "sybase", "tidy", "xmlrpc"],
  // Of PECL.
  ...["amqp", "apcu", "ast", "ds", "excimer", "gearman", "gmagick", "gnupg", "http", "igbinary"],
  ...["imagick", "luasandbox", "mailparse", "maxminddb", "mcrypt", "memcache", "memcached"],
  ...["mongodb", "msgpack", "oauth", "pcov", "ps", "psr", "raphf", "redis", "rrd", "smbclient"],
  ...["solr", "ssh2", "stomp", "tideways", "uopz", "uploadprogress", "uuid", "wikidiff2"],
  ...["xdebug", "yac", "yaml", "zmq", "rdkafka", "remctl", "zstd", "lz4", "inotify", "geos"],
];

/** "ext-PDO_mysql" as its own name is written. */
export function extensionName(name: string): string {
  return name.replace(/^ext-/i, "").toLowerCase();
}

/**
 * The Debian package with an extension.
 * @param name as {@link extensionName} has it
 * @returns null where nothing has to be installed; undefined where there is none
 */
export function packageOf(name: string): string | null | undefined {
  if (THERE.includes(name)) return null;
  const suffix = Object.hasOwn(TOGETHER, name) ? TOGETHER[name]! : name;
  if (BASE_EXTENSIONS.includes(suffix)) return null;
  return OWN.includes(suffix) || suffix === "interbase" ? `php-${suffix}` : undefined;
}

/** What stands upon a database of the one who runs it. */
export const DATABASES: readonly string[] = ["pdo_mysql", "pdo_pgsql", "pdo_sqlite"];

/** Packages of Composer's that ask for less than apps do with them. */
export const PACKAGE_EXTENSIONS: readonly [packages: RegExp, extensions: readonly string[]][] = [
  [
    /^(?:laravel\/framework|illuminate\/database|doctrine\/dbal|doctrine\/orm|cakephp\/(?:cakephp|database|orm)|yiisoft\/(?:yii2|db)|codeigniter4\/framework|catfan\/medoo|gabordemooij\/redbean|propel\/propel|cycle\/database|nette\/database|laminas\/laminas-db|dibi\/dibi|drupal\/core|craftcms\/cms)$/,
    DATABASES,
  ],
  [/^(?:intervention\/image|imagine\/imagine|league\/glide|spatie\/image|drupal\/core)$/, ["gd"]],
  [/^(?:roots\/wordpress|johnpbloch\/wordpress)/, ["mysqli", "gd"]],
];

/** What a file of PHP calls that has an extension. */
export const CALLS: readonly [extension: string, pattern: RegExp][] = [
  ["mysqli", /\bmysqli(?:_\w+)?\s?\(|new \\?mysqli\b/i],
  ["pdo_mysql", /["']mysql:(?:host|dbname|unix_socket|port|charset|\{?\$|["'])|["']pdo_mysql["']/i],
  ["pdo_pgsql", /["']pgsql:(?:host|dbname|port|\{?\$|["'])|["']pdo_pgsql["']/i],
  ["pdo_sqlite", /["']sqlite:|["']pdo_sqlite["']/i],
  ["pgsql", /\bpg_(?:connect|pconnect|query)\s?\(/i],
  ["sqlite3", /new \\?SQLite3\b/i],
  ["gd", /\bimagecreate\w*\s?\(|\bgetimagesizefromstring\s?\(\$\w+\).{0,80}imagecopy/i],
  ["imagick", /new \\?Imagick\b/i],
  ["intl", /new \\?(?:IntlDateFormatter|NumberFormatter|Collator|MessageFormatter)\b/],
  ["bcmath", /\bbc(?:add|sub|mul|div|mod|pow|comp)\s?\(/i],
  ["gmp", /\bgmp_\w+\s?\(/i],
  ["ldap", /\bldap_connect\s?\(/i],
  ["soap", /new \\?Soap(?:Client|Server)\b/i],
  ["imap", /\bimap_open\s?\(/i],
  ["redis", /new \\?Redis\s?\(/],
  ["memcached", /new \\?Memcached\b/],
  ["yaml", /\byaml_(?:parse|emit)\w*\s?\(/i],
  ["tidy", /\btidy_parse_\w+\s?\(/i],
  ["bz2", /\bbz(?:open|compress|decompress)\s?\(/i],
  ["ssh2", /\bssh2_connect\s?\(/i],
];
