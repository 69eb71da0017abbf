/** Where the image has what is started, below the app's source. */
export const OUT = "dist";
