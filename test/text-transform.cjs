/** Turns a page into a module whose default export is its text, as esbuild's text loader does. */
module.exports = {
  process: (source) => ({
    code: `Object.defineProperty(exports, '__esModule', { value: true }); exports.default = ${JSON.stringify(source)};`,
  }),
};
