import ipaddr from 'ipaddr.js';

/** Ports that a target may have without being listed (threat T2). */
const PORTS_BY_DEFAULT: ReadonlySet<number> = new Set([80, 443, 8443]);
/** Published for reaching a cloud host's own agent, although it looks public. */
const HOST_AGENT_ADDRESSES: ReadonlySet<string> = new Set(['168.63.129.16']);
/** Global unicast IPv6 is 2000::/3; all else is for hosts, links, sites and translators. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];

export type TargetRules = {
  /**
   * `host:port` entries that may be reached although they are private, plain http or on an unusual port; `*` lets all of that through.
   * Hosts are compared as WHATWG URLs spell them, IPv6 in brackets.
   */
  privateTargetsAllowed: ReadonlySet<string>;
  /** Our own hosts, with or without a port: never a target, whatever else is allowed (loops), but for what `mayReachUs` says. */
  ownHosts: ReadonlySet<string>;
  /** Where this deployment takes events: what a Repeater sends to, unless it is told another address. */
  trackingUrl?: string;
};

/** Reads the comma-separated lists of the environment. */
export const targetRules = (privateTargetsAllowed: string, ownHosts: string, trackingUrl?: string): TargetRules => ({
  privateTargetsAllowed: listOf(privateTargetsAllowed),
  ownHosts: listOf(ownHosts),
  ...(trackingUrl !== undefined && { trackingUrl }),
});

const listOf = (text: string): Set<string> =>
  new Set(
    text
      .split(',')
      .map((entry) => entry.trim().toLowerCase())
      .filter((entry) => entry !== ''),
  );

export type CheckedTarget =
  | { verdict: 'allowed'; url: URL; mayBePrivate: boolean; isUs: boolean }
  | { verdict: 'refused'; reason: string };

/**
 * Judges a URL before anything is resolved: scheme, port, credentials, our own hosts, and IP literals in every form that URLs allow
 * (decimal, octal, hex and short forms are dotted quads after parsing). Names are judged by their addresses, when one is about to be dialled.
 * `mayReachUs`: calls of our own tracking API are let through, wherever it listens; whoever sends them must break loops.
 */
export function checkTarget(text: string, rules: TargetRules, mayReachUs = false): CheckedTarget {
  if (!URL.canParse(text)) return refused('it is not a URL');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refused('only http and https are spoken');
  if (url.username !== '' || url.password !== '') return refused('credentials in a URL are not allowed');
  const host = url.hostname.replace(/\.+$/, '');
  if (host === '') return refused('it names no host');
  const port = portOf(url);
  if (isOwnHost(url, host, rules)) {
    if (!mayReachUs || !isTrackingCall(url, rules)) return refused('it is this deployment itself');
    return { verdict: 'allowed', url, mayBePrivate: true, isUs: true };
  }
  const { privateTargetsAllowed: allowed } = rules;
  const mayBePrivate = allowed.has('*') || allowed.has(`${host}:${port}`);
  if (mayBePrivate) return { verdict: 'allowed', url, mayBePrivate, isUs: false };
  if (url.protocol === 'http:') return refused('plain http is not allowed');
  if (!PORTS_BY_DEFAULT.has(port)) return refused(`port ${port} is not allowed`);
  if (host === 'localhost' || host.endsWith('.localhost')) return refused('its address is not public');
  const literal = host.startsWith('[') ? host.slice(1, -1) : host;
  if (ipaddr.isValid(literal) && !isPublicAddress(literal)) return refused('its address is not public');
  return { verdict: 'allowed', url, mayBePrivate, isUs: false };
}

/** A call of the tracking API, and of nothing else that may listen there. */
const isTrackingCall = ({ origin, pathname }: URL, { trackingUrl }: TargetRules): boolean =>
  trackingUrl !== undefined &&
  URL.canParse(trackingUrl) &&
  origin === new URL(trackingUrl).origin &&
  /^\/v1\/[a-z]+$/.test(pathname);

/** Whether a URL leads to ourselves by this host, a name or an address that it resolves to. */
export const isOwnHost = (url: URL, host: string, { ownHosts }: TargetRules): boolean =>
  ownHosts.has(host) || ownHosts.has(`${host}:${portOf(url)}`);

const portOf = (url: URL): number => Number(url.port) || (url.protocol === 'https:' ? 443 : 80);

const refused = (reason: string): CheckedTarget => ({ verdict: 'refused', reason });

/** Whether an address belongs to the public internet. An address that does not parse does not. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address) || HOST_AGENT_ADDRESSES.has(address)) return false;
  // A resolver gives dotted quads. Who reads 010.0.0.1 as octal and who reads it as decimal dial two hosts.
  if (!address.includes(':') && !ipaddr.IPv4.isValidFourPartDecimal(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || (parsed as ipaddr.IPv6).match(GLOBAL_UNICAST);
}
