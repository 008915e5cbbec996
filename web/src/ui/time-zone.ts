/** Kept by browser; nothing where times are the device's. */
const KEY = 'tributary-time-zone';
const UTC = 'UTC';

/** The zone that the device is set to. */
export const deviceZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

function readChoice(): boolean {
  try {
    return localStorage.getItem(KEY) === UTC;
  } catch {
    // No storage: private windows of some browsers.
    return false;
  }
}

/** Whether times are shown in UTC. Read once: formats are made with the page, which is loaded anew when this changes. */
export const showsUtc = readChoice();

/** The zone in which times are shown and typed. */
export const viewerZone: string = showsUtc ? UTC : deviceZone();

/** Shows times in UTC, or as the device is set, from now on. False where this browser keeps nothing: then they stay as they are. */
export function chooseUtc(isUtc: boolean): boolean {
  try {
    if (isUtc) localStorage.setItem(KEY, UTC);
    else localStorage.removeItem(KEY);
  } catch {
    return false;
  }
  location.reload();
  return true;
}

const MINUTE_MS = 60_000;

/** The value of a field of type datetime-local for a moment, and the moment for such a value; '' for an empty one. */
export function fieldTime(ms: number, isUtc = showsUtc): string {
  const offsetMs = isUtc ? 0 : new Date(ms).getTimezoneOffset() * MINUTE_MS;
  return new Date(ms - offsetMs).toISOString().slice(0, 16);
}
export const fieldMoment = (value: string, isUtc = showsUtc): string =>
  value === '' ? '' : new Date(isUtc ? `${value}Z` : value).toISOString();

/** Days of the viewer's zone as moments; the last day is in it. What is no day bounds nothing. */
export function dayBounds(
  from: string | undefined,
  to: string | undefined,
  isUtc = showsUtc,
): { from?: string; to?: string } {
  const momentOf = (day: string | undefined, time: string): string | undefined => {
    const at = Date.parse(`${day ?? ''}T${time}${isUtc ? 'Z' : ''}`);
    return Number.isNaN(at) ? undefined : new Date(at).toISOString();
  };
  const [start, end] = [momentOf(from, '00:00:00'), momentOf(to, '23:59:59.999')];
  return { ...(start !== undefined && { from: start }), ...(end !== undefined && { to: end }) };
}
