/** Pages are bundled as text (esbuild's text loader; jest's transform in test/text-transform.cjs). */
declare module '*.html' {
  const text: string;
  // oxlint-disable-next-line import/no-default-export -- the only form that a bundler's text loader has.
  export default text;
}
