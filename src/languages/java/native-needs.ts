/** Pure: what apps of Java's need beside Java: few libraries stand upon one of the system. */

export interface NativeNeed {
  /** GROUP:NAME of artifacts. */
  artifacts: RegExp;
  /** What sources that need it say. */
  sources?: RegExp;
  /** Debian packages; `a|b`: the first that a distribution has. */
  run: readonly string[];
}

/** What Java draws letters with; without a font it fails at the first of them. */
const FONTS = [...["fontconfig", "libfreetype6", "libharfbuzz0b", "fonts-dejavu-core"]];

export const NATIVE_NEEDS: readonly NativeNeed[] = [
  {
    artifacts:
      /^(?:org\.apache\.poi:poi-(?:ooxml|scratchpad)|net\.sf\.jasperreports:|org\.apache\.xmlgraphics:|org\.jfree:jfreechart|org\.apache\.pdfbox:|com\.openhtmltopdf:|org\.xhtmlrenderer:|com\.github\.penggle:kaptcha|cn\.apiopen|pro\.fessional:kaptcha|net\.coobird:thumbnailator|com\.google\.zxing:javase|org\.docx4j:|com\.itextpdf:html2pdf|com\.alibaba:easyexcel|cn\.hutool:hutool-(?:all|captcha)|net\.sourceforge\.plantuml:|com\.github\.librepdf:|com\.pig4cloud\.plugin:captcha|com\.github\.whvcse:easy-captcha)/,
    sources:
      /^import\s+(?:static\s+)?java\.awt\.(?:Graphics|Font|FontMetrics|image\.BufferedImage|\*)/m,
    run: FONTS,
  },
  {
    artifacts: /^(?:net\.sourceforge\.tess4j:)/,
    run: ["tesseract-ocr", "libleptonica6|liblept5"],
  },
];
