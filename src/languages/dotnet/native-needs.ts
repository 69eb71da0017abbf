/** Pure: packages of NuGet's that stand upon libraries of the system, and the Debian packages of those. */

export interface NativeNeed {
  /** Ids of packages; capitals do not count. */
  packages: RegExp;
  /** Where another package is there, it brings the library itself. */
  unless?: RegExp;
  /** Debian packages; `a|b`: the first that a distribution has. */
  run: readonly string[];
}

const FONTS = ["fontconfig", "libfreetype6", "fonts-dejavu-core"];

/**
 * SQLite (SQLitePCLRaw.bundle_e_sqlite3), SkiaSharp's NoDependencies, Npgsql, MySqlConnector and
 * MongoDB.Driver bring all that they need, or need nothing. Source: the packages' own documentation.
 */
export const NATIVE_NEEDS: readonly NativeNeed[] = [
  { packages: /^System\.Drawing\.Common$/i, run: ["libgdiplus", ...FONTS] },
  {
    packages:
      /^(?:ClosedXML|EPPlus|NPOI|FastReport\.OpenSource|ZXing\.Net\.Bindings\.Windows\.Compatibility)$/i,
    run: FONTS,
  },
  {
    packages: /^(?:SkiaSharp|QuestPDF|Svg\.Skia|HarfBuzzSharp|BlurHashSharp\.SkiaSharp)$/i,
    run: FONTS,
  },
  {
    packages: /^SQLitePCLRaw\.(?:bundle_sqlite3|provider\.sqlite3)(?:\.\w+)?$/i,
    run: ["libsqlite3-0"],
  },
  {
    packages: /^(?:Wkhtmltopdf\.NetCore|DinkToPdf|Haukcode\.WkHtmlToPdfDotNet)$/i,
    run: [...FONTS, "libxrender1", "libxext6", "libjpeg62-turbo|libjpeg-turbo8"],
  },
  { packages: /^(?:Tesseract|TesseractOCR)$/i, run: ["tesseract-ocr", "libleptonica6|liblept5"] },
  { packages: /^Magick\.NET-/i, run: FONTS },
  { packages: /^(?:LibGit2Sharp)$/i, run: ["ca-certificates"] },
  { packages: /^(?:Confluent\.Kafka)$/i, run: ["libsasl2-2"] },
  {
    packages: /^(?:System\.DirectoryServices\.Protocols|Novell\.Directory\.Ldap)$/i,
    run: ["libldap-2.5-0|libldap2|libldap-2.4-2"],
  },
  {
    packages: /^(?:IBM\.Data\.DB2\.Core-lnx|Net\.IBM\.Data\.Db2-lnx)$/i,
    run: ["libxml2", "libpam0g"],
  },
  {
    packages: /^(?:OpenCvSharp4\.runtime\.(?:ubuntu|linux)[\w.-]*)$/i,
    run: ["libgtk2.0-0|libgtk2.0-0t64", "libtesseract5|libtesseract4"],
  },
  { packages: /^(?:System\.Data\.Odbc)$/i, run: ["unixodbc"] },
  { packages: /^(?:System\.IO\.Ports)$/i, run: ["libudev1"] },
];
