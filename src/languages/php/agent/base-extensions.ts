/** Extensions that nearly every app needs, with Composer among them: in the base image. Pure. */
export const BASE_EXTENSIONS: readonly string[] = ["curl", "mbstring", "xml", "zip"];
