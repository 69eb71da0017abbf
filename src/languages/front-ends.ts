/** Where people put what runs in browsers; a site of documents is none of the app. */
export const FRONT_ENDS: readonly string[] = [
  ...["frontend", "front-end", "front", "client", "ui", "webui", "web-ui", "web", "webapp"],
];
