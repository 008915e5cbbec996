/** Bundled as text (infra/build/bundle.ts). */
declare module '@segment/analytics-next/dist/umd/standalone.js' {
  const text: string;
  export default text;
}
