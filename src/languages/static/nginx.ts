/** Pure: the text of nginx.conf for a site; serve.sh completes it when a container starts. */
import { BUILD } from "../../protocol/layout.ts";
import type { StaticSite } from "../language.ts";
import { CONTENT_TYPES, PARTS_OF_PAGES } from "./content-types.ts";

/** @param root the folder that is served, absolute, without characters that nginx reads */
export function nginxConfig(root: string, site: StaticSite): string {
  const { options = {} } = site;
  return `# Serves the site. Written by nua-build; serve.sh completes it when a container starts.
#brotli load_module modules/ngx_http_brotli_static_module.so;
#root user nua;
worker_processes auto;
daemon off;
pid @STATE@/nginx.pid;
error_log stderr warn;
# SIGQUIT, and requests that never end.
worker_shutdown_timeout 8s;

events {
    worker_connections 1024;
}

http {
    client_body_temp_path @STATE@/body;
    proxy_temp_path @STATE@/proxy;
    fastcgi_temp_path @STATE@/fastcgi;
    uwsgi_temp_path @STATE@/uwsgi;
    scgi_temp_path @STATE@/scgi;

    access_log @ACCESS_LOG@;
    server_tokens off;
    sendfile on;
    tcp_nopush on;
    # Behind a proxy the site has another name and port.
    absolute_redirect off;
    #undated etag off;
    #undated if_modified_since off;

${typesBlock()}
    default_type application/octet-stream;
    charset utf-8;
    charset_types ${CHARSET_TYPES.join(" ")};

    gzip on;
    gzip_comp_level 5;
    gzip_min_length 512;
    gzip_proxied any;
    gzip_vary on;
    gzip_types ${GZIP_TYPES.join(" ")};
    gzip_static on;
    #brotli brotli_static on;

    server {
        listen @PORT@ default_server;
        #ipv6 listen [::]:@PORT@ default_server;
        root "${root}";
        index ${indexNames(site)};
${indent(serverLines(site))}

${indent(locations(root, site, options.hidesDotFiles !== false))}
    }
}
`;
}

// --- internal ---

const GZIP_TYPES = Object.keys(CONTENT_TYPES.compressed).filter((type) => type !== "text/html");

const CHARSET_TYPES = GZIP_TYPES.filter(
  (type) => type.startsWith("text/") || /json|xml$|yaml/.test(type),
);

function typesBlock(): string {
  const all = { ...CONTENT_TYPES.compressed, ...CONTENT_TYPES.plain };
  const rows = Object.entries(all).map(([type, ends]) => `        ${type} ${ends.join(" ")};`);
  return ["    types {", ...rows, "    }"].join("\n");
}

function indexNames({ options = {} }: StaticSite): string {
  const own = options.index === undefined ? [] : [`"${options.index}"`];
  return [...own, "index.html", "index.htm"].join(" ");
}

function serverLines({ fallback, options = {} }: StaticSite): string[] {
  const { httpsOnly, includes, listing, passwords } = options;
  return [
    ...(fallback === "index" ? [] : ["error_page 404 /404.html;"]),
    ...(listing ? ["autoindex on;"] : []),
    ...(includes ? ["ssi on;"] : []),
    ...(passwords === undefined
      ? []
      : ['auth_basic "This site";', `auth_basic_user_file "${passwords}";`]),
    ...(httpsOnly
      ? [
          "# What stands before this server and speaks HTTPS says so.",
          'if ($http_x_forwarded_proto = "http") {',
          "    return 301 https://$host$request_uri;",
          "}",
        ]
      : []),
  ];
}

function locations(root: string, site: StaticSite, hidesDotFiles: boolean): string[] {
  const { fallback, page = "index.html", isBundled = false, options = {} } = site;
  const headers = (cache: string) => [
    `    add_header Cache-Control "${cache}";`,
    "    add_header X-Content-Type-Options nosniff;",
    ...(options.hsts === undefined
      ? []
      : [`    add_header Strict-Transport-Security "${options.hsts}";`]),
  ];
  // A folder without a page of its own is nothing that may be looked into.
  const [last, errors] =
    fallback === "index"
      ? [`"/${page}"`, [`403 =200 "/${page}"`]]
      : ["=404", ["404 /404.html", "403 =404 /404.html"]];
  const lines = [
    ...(hidesDotFiles ? [HIDDEN] : []),
    ...(root === BUILD ? [OF_THE_BUILD] : []),
    [
      "# Another content has another name.",
      `location ~ "${isBundled ? BUNDLED : HASHED}" {`,
      ...headers("public, max-age=31536000, immutable"),
      "    try_files $uri =404;",
      "}",
    ],
    ...(fallback === "index"
      ? [
          [
            `location ~* "\\.(?:${PARTS_OF_PAGES.join("|")})$" {`,
            ...headers("no-cache"),
            "    try_files $uri =404;",
            "}",
          ],
        ]
      : []),
    [
      "location / {",
      ...headers("no-cache"),
      ...errors.map((words) => `    error_page ${words};`),
      `    try_files $uri $uri.html $uri/ ${last};`,
      "}",
    ],
  ];
  return lines.flatMap((one, index) => (index === 0 ? one : ["", ...one]));
}

const HIDDEN = ['location ~ "/\\.(?!well-known/)" {', "    return 404;", "}"];

/** Of a site that is the app's own folder. */
const OF_THE_BUILD = [
  'location ~ "^/(?:Staticfile(?:\\.auth)?$|nua-config\\.|nua/)" {',
  "    return 404;",
  "}",
];

const ENDS =
  "(?:js|mjs|css|map|wasm|json|woff2?|ttf|otf|eot|png|jpe?g|gif|webp|avif|svg|ico|mp4|webm)";

/** Folders that hold nothing else but files named after their content, whoever builds the site. */
const FOLDERS = "/_next/static/|/_app/immutable/|/_astro/|/_expo/static/";

/** A digest in hexadecimal, with a digit and a letter in it: no word, and no date. */
const HEX = "[.-](?=[a-f]*\\d)(?=\\d*[a-f])[\\da-f]{8,64}";

/** What nobody writes by hand. */
const HASHED = `^(?:${FOLDERS})|${HEX}\\.(?:chunk\\.|bundle\\.|min\\.)?${ENDS}$`;

/** Digests as bundlers write them: 8 characters, more than a word, a date or a size in pixels. */
const BUNDLED = `${HASHED}|[.-](?!\\d+x?\\d+\\.)(?=[\\w-]*\\d|[\\w-]+[A-Z])[\\w-]{8}\\.(?:chunk\\.)?${ENDS}$`;

function indent(lines: readonly string[]): string {
  return lines.map((line) => (line === "" ? "" : `        ${line}`)).join("\n");
}
