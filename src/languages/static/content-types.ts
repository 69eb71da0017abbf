/** Types of contents by the ends of file names: the same in every image, whatever its nginx knows. */

interface ContentTypes {
  /** Compressed on the way, where nobody has done it before. */
  compressed: Readonly<Record<string, readonly string[]>>;
  /** What is compressed in itself, or gains nothing. */
  plain: Readonly<Record<string, readonly string[]>>;
}

/** Source: IANA, "Media Types"; RFC 9239 for JavaScript; RFC 8081 for fonts. */
export const CONTENT_TYPES: ContentTypes = {
  compressed: {
    "application/atom+xml": ["atom"],
    "application/geo+json": ["geojson"],
    "application/json": ["json", "map"],
    "application/ld+json": ["jsonld"],
    "application/manifest+json": ["webmanifest"],
    "application/rss+xml": ["rss"],
    "application/wasm": ["wasm"],
    "application/xhtml+xml": ["xhtml"],
    "application/xml": ["xml", "xsd", "xsl"],
    "application/yaml": ["yaml", "yml"],
    "font/otf": ["otf"],
    "font/ttf": ["ttf"],
    "image/bmp": ["bmp"],
    "image/svg+xml": ["svg"],
    "image/x-icon": ["ico"],
    "text/cache-manifest": ["appcache"],
    "text/calendar": ["ics"],
    "text/css": ["css"],
    "text/csv": ["csv"],
    "text/html": ["html", "htm", "shtml"],
    "text/javascript": ["js", "mjs", "cjs"],
    "text/markdown": ["md", "markdown"],
    "text/plain": ["txt", "text", "log", "ini", "toml"],
    "text/vcard": ["vcf"],
    "text/vtt": ["vtt"],
    "model/gltf+json": ["gltf"],
  },
  plain: {
    "application/epub+zip": ["epub"],
    "application/gzip": ["gz"],
    "application/msword": ["doc"],
    "application/pdf": ["pdf"],
    "application/vnd.apple.mpegurl": ["m3u8"],
    "application/vnd.apple.pkpass": ["pkpass"],
    "application/vnd.ms-excel": ["xls"],
    "application/vnd.ms-fontobject": ["eot"],
    "application/vnd.ms-powerpoint": ["ppt"],
    "application/vnd.oasis.opendocument.text": ["odt"],
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ["pptx"],
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ["xlsx"],
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ["docx"],
    "application/zip": ["zip"],
    "application/zstd": ["zst"],
    "audio/aac": ["aac"],
    "audio/flac": ["flac"],
    "audio/midi": ["mid", "midi"],
    "audio/mp4": ["m4a"],
    "audio/mpeg": ["mp3"],
    "audio/ogg": ["oga", "ogg", "opus"],
    "audio/wav": ["wav"],
    "font/woff": ["woff"],
    "font/woff2": ["woff2"],
    "image/avif": ["avif"],
    "image/gif": ["gif"],
    "image/jpeg": ["jpg", "jpeg"],
    "image/jxl": ["jxl"],
    "image/png": ["png"],
    "image/tiff": ["tif", "tiff"],
    "image/webp": ["webp"],
    "model/gltf-binary": ["glb"],
    "video/mp2t": ["ts"],
    "video/mp4": ["mp4", "m4v"],
    "video/mpeg": ["mpg", "mpeg"],
    "video/ogg": ["ogv"],
    "video/quicktime": ["mov"],
    "video/webm": ["webm"],
  },
};

/** Ends of names of what pages load: nobody is helped by a page in the place of one that is gone. */
export const PARTS_OF_PAGES: readonly string[] = [
  ...["js", "mjs", "cjs", "map", "css", "wasm", "woff", "woff2", "ttf", "otf", "eot"],
  ...["png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "ico", "mp3", "mp4", "webm", "ogg"],
  ...["webmanifest", "appcache"],
];
