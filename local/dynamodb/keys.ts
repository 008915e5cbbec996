/**
 * What lies where in LevelDB. Items and index entries are laid out as dynalite lays them out.
 *
 * | key | value |
 * | --- | --- |
 * | `table~NAME` | the table's description |
 * | `item-TABLE~KEY` | an item |
 * | `index-global~TABLE~INDEX~KEY` | an item as a global secondary index shows it |
 * | `ttl~TABLE` | `{attribute}`: the table's time to live |
 * | `token~TOKEN` | a client request token of TransactWriteItems |
 * | `expiry~SECONDS~KEY` | `{key, table?}`: what is to be deleted once the clock has passed SECONDS |
 */
export const tableKey = (name: string) => `table~${name}`;
export const itemPrefix = (table: string) => `item-${table}~`;
export const indexPrefix = (table: string, index: string) => `index-global~${table}~${index}~`;
export const ttlKey = (table: string) => `ttl~${table}`;
export const tokenKey = (token: string) => `token~${token}`;

const SECONDS_DIGITS = 12;
const seconds = (atSeconds: number) => String(atSeconds).padStart(SECONDS_DIGITS, '0');
export const expiryKey = (atSeconds: number, key: string) => `expiry~${seconds(atSeconds)}~${key}`;

/** Everything that starts with `prefix`. Keys are ASCII behind every prefix above. */
export const allWith = (prefix: string): DynaliteRange => ({ gte: prefix, lt: `${prefix}\u00ff` });
/** Expiry entries of all seconds before `beforeSeconds`. */
export const expiredBefore = (beforeSeconds: number): DynaliteRange => ({
  gte: 'expiry~',
  lt: `expiry~${seconds(beforeSeconds)}`,
});
