/** Programs of npm packages: which package each is of, and what it does when an app is started. Pure. */

/** Where a program is not called as its package is. */
const PACKAGE_OF: Readonly<Record<string, string>> = {
  "react-router-serve": "@react-router/serve",
  "react-router": "@react-router/dev",
  "remix-serve": "@remix-run/serve",
  remix: "@remix-run/dev",
  nest: "@nestjs/cli",
  ng: "@angular/cli",
  strapi: "@strapi/strapi",
  medusa: "@medusajs/cli",
  keystone: "@keystone-6/core",
  rw: "@redwoodjs/core",
  fastify: "fastify-cli",
  sequelize: "sequelize-cli",
  "sequelize-cli": "sequelize-cli",
  tsc: "typescript",
  "vue-cli-service": "@vue/cli-service",
  craco: "@craco/craco",
  nuxi: "nuxi",
  "svelte-kit": "@sveltejs/kit",
  eleventy: "@11ty/eleventy",
  docusaurus: "@docusaurus/core",
  rsbuild: "@rsbuild/core",
  pm2: "pm2",
  "pm2-runtime": "pm2",
  dotenv: "dotenv-cli",
  "ts-node-esm": "ts-node",
  "ts-node-dev": "ts-node-dev",
  tsnd: "ts-node-dev",
  "babel-node": "@babel/node",
  "run-s": "npm-run-all",
  "run-p": "npm-run-all",
  "drizzle-kit": "drizzle-kit",
  "graphql-codegen": "@graphql-codegen/cli",
  swc: "@swc/cli",
  "swc-node": "@swc-node/register",
  dotenvx: "@dotenvx/dotenvx",
  srvx: "srvx",
  vinxi: "vinxi",
};

/** What images have without any package, and what is not looked for in packages. */
const OF_THE_IMAGE = new Set([
  ...["node", "nodejs", "npm", "npx", "yarn", "yarnpkg", "pnpm", "pnpx", "bun", "bunx", "deno"],
  ...["sh", "bash", "dash", "env", "python", "python3", "java", "docker", "sudo", "nohup", "make"],
  ...["cp", "mv", "rm", "mkdir", "ls", "cat", "echo", "printf", "sleep", "find", "sed", "chmod"],
  ...[
    "cd",
    "ln",
    "touch",
    "tee",
    "curl",
    "wget",
    "nginx",
    "tini",
    "dumb-init",
    "psql",
    "redis-cli",
  ],
]);

/** The package that a program is of; null for one that comes with the image, or with the app. */
export function packageOf(program: string, dependencies: ReadonlySet<string>): string | null {
  if (program.includes("/") || OF_THE_IMAGE.has(program)) return null;
  const known = PACKAGE_OF[program];
  if (known !== undefined && dependencies.has(known)) return known;
  if (dependencies.has(program)) return program;
  const scoped = [...dependencies].find((name) => name.endsWith(`/${program}`));
  return scoped ?? known ?? program;
}

export function isOfImage(program: string): boolean {
  return program.includes("/") || OF_THE_IMAGE.has(program);
}

/** Commands that serve an app while it is developed: they watch, or build when they are asked. */
const FOR_DEVELOPMENT: readonly RegExp[] = [
  /^(vite|rolldown-vite)(\s+(dev|serve|preview)\b|\s+-|$)/,
  /^(react-scripts|react-app-rewired|craco)\s+start\b/,
  /^(next|nuxt|nuxi|astro|remix|react-router|svelte-kit|vinxi|nitro|nitropack|blitz|waku|keystone|tauri|wrangler|turbo|rw|umi|max|quasar|tsdx|netlify|vercel|storybook|vitepress|vuepress|rsbuild|medusa|directus)\s+(run\s+)?(dev|develop|vite:dev)\b/,
  /^(next|nuxt|nuxi|astro|rsbuild|slidev|vinxi)$/,
  /^(ng|ember|vue-cli-service|webpack|rspack|hexo|ionic|gulp|grunt|eleventy|stencil|nx)\s+(s|serve|server|dev|watch)\b/,
  /^(npm-run-all2?|run-p)\s(.*\s)?["']?(watch|dev)\b/,
  /^(webpack-dev-server|webpack-serve|live-server|browser-sync|snowpack|start-storybook|react-native|budo|wds|web-dev-server|parcel)\b/,
  /^(gatsby|strapi)\s+develop\b/,
  /^(expo|docusaurus|nest|antora|craft|lite-server)\s+start\b/,
  /^lite-server\b/,
  /^(astro|nuxt|nuxi|vinxi)\s+preview\b/,
  /^node\s+ace\s+serve\b/,
  /^(webpack|rollup|tsc|esbuild|tsup)\b.*\s(-w|--watch|--serve|serve)\b/,
  /^eleventy\b.*\s--(serve|watch)\b/,
  /^storybook\s+dev\b/,
];

/** Whether a command is of those; its program by its name alone, or where it is installed. */
export function isForDevelopment(line: string): boolean {
  const command = line.replace(/^(?:\.\/)?node_modules\/\.bin\//, "");
  return FOR_DEVELOPMENT.some((pattern) => pattern.test(command));
}

/** Commands that only make what is started afterwards. */
const BUILDS =
  /^(tsc|next build|nuxt build|nuxi build|vite build|webpack|nest build|rollup|tsup|esbuild|swc|babel|parcel build|remix build|react-router build|astro build|ng build|react-scripts build|gatsby build|medusa build|strapi build|npm run build|yarn( run)? build|pnpm( run)? build|bun run build|npm run compile|rimraf|rm -rf)(\s|$)/;

export function isBuild(line: string): boolean {
  return BUILDS.test(line) && !/\s(-w|--watch)\b/.test(line);
}

const INSTALLS =
  /^(npm (i|ci|install)|yarn( install)?|pnpm (i|install)|bun (i|install))(\s+-\S+)*$/;

/** Whether it installs what the image has already. */
export function isInstallation(line: string): boolean {
  return INSTALLS.test(line);
}
