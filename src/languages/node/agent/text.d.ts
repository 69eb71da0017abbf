/** Programs for Node are bundled as text. */
declare module "*.cjs" {
  const text: string;
  export default text;
}
