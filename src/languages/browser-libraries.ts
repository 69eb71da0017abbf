/**
 * Debian packages with what a Chromium is linked with, which clients of several languages start;
 * `a|b`: the first that a distribution has. Source: the lists of Playwright and Puppeteer.
 */
export const BROWSER_LIBRARIES: readonly string[] = [
  ...["libasound2t64|libasound2", "libatk-bridge2.0-0t64|libatk-bridge2.0-0"],
  ...["libatk1.0-0t64|libatk1.0-0", "libatspi2.0-0t64|libatspi2.0-0", "libcairo2"],
  ...["libcups2t64|libcups2", "libdbus-1-3", "libdrm2", "libexpat1", "libfontconfig1", "libgbm1"],
  ...["libglib2.0-0t64|libglib2.0-0", "libgtk-3-0t64|libgtk-3-0", "libnspr4", "libnss3"],
  ...["libpango-1.0-0", "libx11-6", "libxcb1", "libxcomposite1", "libxdamage1", "libxext6"],
  ...["libxfixes3", "libxkbcommon0", "libxrandr2", "ca-certificates", "fonts-liberation"],
];
