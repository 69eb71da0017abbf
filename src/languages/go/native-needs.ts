/** Pure: Go modules that are linked with C, and the Debian packages that those need. */

export interface NativeNeed {
  /** Paths of modules, without the version at their end. */
  modules: readonly string[];
  /** Those of their packages that need it, where the others do not: an app has to import one. */
  packages?: readonly string[];
  /** Headers of libraries, for the build; the compiler is there anyway. */
  build?: readonly string[];
  /** Libraries and programs that are there when the app runs; `a|b`: the first that there is. */
  run?: readonly string[];
  /** What a person has to know. */
  told?: string;
}

const GTK = ["libgtk-3-dev"];

/** Libraries that a program was linked with stay; what it opens by their names has to be named. */
export const NATIVE_NEEDS: readonly NativeNeed[] = [
  // They bring their own sources of C.
  {
    modules: [
      ...["github.com/mattn/go-sqlite3", "github.com/mutecomm/go-sqlcipher"],
      ...["github.com/marcboeker/go-duckdb", "github.com/duckdb/duckdb-go"],
      ...["github.com/chai2010/webp", "github.com/kolesa-team/go-webp"],
      ...["github.com/pganalyze/pg_query_go", "github.com/bytecodealliance/wasmtime-go"],
      ...["github.com/sergeymakinen/go-bmp", "github.com/confluentinc/confluent-kafka-go"],
      ...["github.com/libsql/go-libsql", "github.com/tursodatabase/go-libsql"],
      ...["github.com/DataDog/go-sqllexer", "github.com/blevesearch/go-faiss"],
      ...["rogchap.com/v8go", "github.com/valyala/gozstd", "github.com/go-skynet/go-llama.cpp"],
    ],
  },
  { modules: ["github.com/h2non/bimg", "github.com/davidbyttow/govips"], ...vips() },
  { modules: ["gopkg.in/gographics/imagick"], build: ["libmagickwand-dev"] },
  { modules: ["github.com/kolesa-team/go-webp"], build: ["libwebp-dev"] },
  { modules: ["github.com/strukturag/libheif"], build: ["libheif-dev"] },
  { modules: ["github.com/libgit2/git2go"], build: ["libgit2-dev"] },
  { modules: ["github.com/otiai10/gosseract"], build: ["libtesseract-dev", "libleptonica-dev"] },
  { modules: ["github.com/pebbe/zmq4"], build: ["libzmq3-dev"] },
  { modules: ["github.com/miekg/pkcs11", "github.com/ThalesGroup/crypto11"] },
  { modules: ["github.com/msteinert/pam"], build: ["libpam0g-dev"] },
  {
    modules: ["github.com/google/gopacket", "github.com/gopacket/gopacket"],
    packages: ["pcap"],
    build: ["libpcap-dev"],
  },
  { modules: ["github.com/linxGnu/grocksdb"], build: ["librocksdb-dev"] },
  {
    modules: ["github.com/godror/godror"],
    told: "godror loads Oracle's client when it runs: put its libraries into the image",
  },
  { modules: ["github.com/hajimehoshi/oto"], build: ["libasound2-dev"] },
  { modules: ["github.com/gordonklaus/portaudio"], build: ["portaudio19-dev"] },
  {
    modules: ["github.com/hraban/opus", "gopkg.in/hraban/opus"],
    build: ["libopus-dev", "libopusfile-dev"],
  },
  {
    modules: ["github.com/asticode/go-astiav"],
    build: [
      "libavcodec-dev",
      "libavformat-dev",
      "libavfilter-dev",
      "libavdevice-dev",
      "libswscale-dev",
      "libswresample-dev",
    ],
  },
  { modules: ["github.com/veandco/go-sdl2"], build: ["libsdl2-dev"] },
  {
    modules: ["github.com/webview/webview_go"],
    build: ["libwebkit2gtk-4.1-dev|libwebkit2gtk-4.0-dev", ...GTK],
  },
  { modules: ["github.com/gotk3/gotk3"], build: GTK },
  {
    modules: ["gocv.io/x/gocv"],
    build: ["libopencv-dev"],
    told: "gocv is made for one version of OpenCV: where that of the Linux base is another, the build fails",
  },
];

// --- internal ---

function vips(): Pick<NativeNeed, "build" | "run"> {
  return { build: ["libvips-dev"], run: ["libvips42|libvips42t64"] };
}
