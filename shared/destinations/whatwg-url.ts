import { URL } from 'node:url';

/** Stands in for the package `whatwg-url` in deliver's bundle: node-fetch takes Node's own class, and 300 KB of tables need not be loaded. */
// oxlint-disable-next-line import/no-default-export -- node-fetch imports the default of the package that this replaces
export default { URL };
