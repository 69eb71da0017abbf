/** npm packages whose install scripts need no compiler. A list. */

/** They fetch a program, print something, serve another system, or find a program that is there. */
export const HARMLESS_SCRIPTS: ReadonlySet<string> = new Set(
  `
    @parcel/watcher @swc/core core-js core-js-pure core-js-bundle
    cypress es5-ext esbuild fsevents husky
    nodemon nx protobufjs puppeteer styled-components
    unrs-resolver vue-demi workerd yorkie sharp
    lefthook @prisma/client @prisma/engines prisma bcrypt
    argon2 msgpackr-extract lmdb bufferutil utf-8-validate
    bigint-buffer classic-level leveldown sodium-native @nestjs/core
    @apollo/protobufjs @tailwindcss/oxide @sentry/cli @sentry-internal/node-cpu-profiler @scarf/scarf
    tesseract.js @nightwatch/nightwatch-inspector @firebase/util @biomejs/biome @fortawesome/fontawesome-common-types
    @fortawesome/fontawesome-svg-core @fortawesome/fontawesome-free @fortawesome/free-regular-svg-icons @fortawesome/free-solid-svg-icons @fortawesome/free-brands-svg-icons
    aws-sdk preact ejs gatsby gatsby-cli
    gatsby-telemetry electron svelte-preprocess playwright playwright-core
    chromedriver geckodriver ffmpeg-static ngrok phantomjs-prebuilt
    nuxt @nuxt/devtools vitepress hexo docusaurus
    serialport @serialport/bindings-cpp cpu-features ssh2 dtrace-provider
    onnxruntime-node keccak secp256k1 simple-git-hooks ttf2woff2
    @datadog/native-appsec dd-trace oracledb zeromq usb
    node-hid less highlight.js netlify-cli parcel
    @railway/cli tldjs uglifyjs-webpack-plugin appdynamics mongodb-memory-server
  `
    .trim()
    .split(/\s+/),
);
