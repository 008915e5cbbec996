import { guardedFetch } from './guarded-fetch.ts';

/** Stands in for the package `cross-fetch` in deliver's bundle: the same four names, our client. */
export { Headers, Request, Response } from 'node-fetch';
// oxlint-disable-next-line import/no-default-export -- the package that it replaces has one, and the library calls it
export default guardedFetch;
