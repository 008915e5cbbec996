import { BlockList, isIP } from 'node:net';
import type { Source } from '../../shared/domain/workspace.ts';

/** Lists of sources as they were read, for as long as the source is in memory. */
const lists = new WeakMap<Source, BlockList>();

/**
 * Whether a source takes what comes from this page and address (T1). A request without Origin, as servers and apps send it, is not judged by the
 * origins; one without a known address is not on any list of addresses.
 */
export function isAllowedCaller(
  source: Source,
  caller: { origin: string | undefined; ip: string | undefined },
): boolean {
  const { allowedOrigins, allowedIps } = source;
  if (allowedOrigins.length > 0 && caller.origin !== undefined && !isListed(allowedOrigins, caller.origin))
    return false;
  if (allowedIps.length === 0) return true;
  const family = isIP(caller.ip ?? '');
  if (caller.ip === undefined || family === 0) return false;
  let list = lists.get(source);
  if (list === undefined) {
    list = listOf(allowedIps);
    lists.set(source, list);
  }
  return list.check(caller.ip, family === 6 ? 'ipv6' : 'ipv4');
}

/**
 * An entry is an origin (`https://shop.example.com`), a host with the port that is not the scheme's own, or `*.example.com` for all names below a
 * domain. The Origin of a page without one is `null`, which no entry names.
 */
function isListed(entries: readonly string[], origin: string): boolean {
  const sent = origin.toLowerCase();
  const host = sent.replace(/^[a-z][a-z0-9+.-]*:\/\//, '');
  return entries.some((entry) => {
    const listed = entry.trim().toLowerCase().replace(/\/$/, '');
    if (listed.includes('://')) return listed === sent;
    return listed.startsWith('*.') ? host.endsWith(listed.slice(1)) : listed === host;
  });
}

/** What is no address and no block lets nobody in. */
function listOf(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [, address = '', prefix] = /^\s*([0-9a-f:.]+)(?:\/(\d{1,3}))?\s*$/i.exec(entry) ?? [];
    const family = isIP(address);
    if (family === 0) continue;
    const type = family === 6 ? 'ipv6' : 'ipv4';
    const bits = family === 6 ? 128 : 32;
    if (prefix === undefined) list.addAddress(address, type);
    else if (Number(prefix) <= bits) list.addSubnet(address, Number(prefix), type);
  }
  return list;
}
