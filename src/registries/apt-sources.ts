/** Pure: the two formats of apt's sources (sources.list(5): one line, deb822). */

export interface AptSource {
  uri: string;
  suite: string;
  components: string[];
  /** Path of the key ring; empty when apt's own are meant. */
  signedBy: string;
}

/** @param file its name tells the format: `.sources` is deb822, anything else one line each */
export function parseAptSources(file: string, text: string): AptSource[] {
  if (file.endsWith(".sources")) return text.split(/\n\s*\n/).flatMap(parseStanza);
  return file.endsWith(".list") ? text.split("\n").flatMap(parseLine) : [];
}

/** The one-line form, which mmdebstrap takes as an argument. */
export function formatAptSource({ uri, suite, components, signedBy }: AptSource): string {
  const options = signedBy === "" ? "" : `[signed-by=${signedBy}] `;
  return `deb ${options}${uri} ${suite} ${components.join(" ")}`.trimEnd();
}

// --- internal ---

function parseLine(line: string): AptSource[] {
  const match = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*([^#]*)/.exec(line.trim());
  if (!match) return [];
  const [, options = "", uri = "", suite = "", components = ""] = match;
  return [
    {
      uri,
      suite,
      components: words(components),
      signedBy: /signed-by=(\S+)/.exec(options)?.[1] ?? "",
    },
  ];
}

function parseStanza(stanza: string): AptSource[] {
  const text = stanza.replace(/^#.*\n?/gm, "");
  const field = (name: string) =>
    new RegExp(`^${name}:((?:.*)(?:\\n[ \\t].*)*)`, "im").exec(text)?.[1] ?? "";
  if (!words(field("Types")).includes("deb") || /^no$/i.test(field("Enabled").trim())) return [];
  // An inline key starts with a line break; only a path can be handed on.
  const signedBy = field("Signed-By").trim();
  return words(field("URIs")).flatMap((uri) =>
    words(field("Suites")).map((suite) => ({
      uri,
      suite,
      components: words(field("Components")),
      signedBy: signedBy.startsWith("/") ? signedBy : "",
    })),
  );
}

function words(text: string): string[] {
  return text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== "");
}
