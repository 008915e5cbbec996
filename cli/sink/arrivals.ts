/** What is kept in memory: the newest arrivals, and counts by messageId of more than they. */
export const ARRIVALS_MAX = 2_000;
export const MESSAGE_IDS_MAX = 200_000;
const BODY_CHARS_KEPT = 16_384;

/** One event in one request. A request whose body is a list brings several. */
export type Arrival = {
  number: number;
  at: string;
  path: string;
  status: number;
  messageId?: string;
  type?: string;
  event?: string;
  /** The event as it came, unless it is longer than BODY_CHARS_KEPT. */
  body?: unknown;
};

export type ArrivalCount = {
  requests: number;
  events: number;
  /** Events whose request was answered 2xx, and how many different messageIds those had. */
  taken: number;
  takenMessageIds: number;
};

/** The sink's memory: bounded, newest last. */
export function arrivals() {
  let kept: Arrival[] = [];
  let count = { requests: 0, events: 0, taken: 0 };
  let messageIds = new Set<string>();
  return {
    /** Notes a request and answers its events. Of a refused one (not 2xx) the events arrived, too, but were not taken. */
    add: (request: { at: string; path: string; status: number; body: string }): Arrival[] => {
      count.requests += 1;
      const added = eventsOf(request.body).map(({ json, chars }): Arrival => {
        count.events += 1;
        const messageId = textAt(json, 'messageId');
        if (request.status < 300) {
          count.taken += 1;
          if (messageId !== undefined && messageIds.size < MESSAGE_IDS_MAX) messageIds.add(messageId);
        }
        return {
          number: count.events,
          at: request.at,
          path: request.path,
          status: request.status,
          messageId,
          type: textAt(json, 'type'),
          event: textAt(json, 'event') ?? textAt(json, 'name'),
          ...(chars <= BODY_CHARS_KEPT ? { body: json } : {}),
        };
      });
      kept.push(...added);
      // Cut at twice the bound: cutting at each arrival would copy the list each time.
      if (kept.length > 2 * ARRIVALS_MAX) kept = kept.slice(-ARRIVALS_MAX);
      return added;
    },
    list: (messageId?: string): Arrival[] =>
      kept.slice(-ARRIVALS_MAX).filter((arrival) => messageId === undefined || arrival.messageId === messageId),
    count: (): ArrivalCount => ({ ...count, takenMessageIds: messageIds.size }),
    clear: (): void => {
      kept = [];
      count = { requests: 0, events: 0, taken: 0 };
      messageIds = new Set();
    },
  };
}

/** A body is an event, or a list of them; what is not JSON is kept as text. */
function eventsOf(body: string): { json: unknown; chars: number }[] {
  let json: unknown = body;
  try {
    json = JSON.parse(body);
  } catch {
    return [{ json: body, chars: body.length }];
  }
  if (!Array.isArray(json)) return [{ json, chars: body.length }];
  return json.map((event: unknown) => ({ json: event, chars: JSON.stringify(event).length }));
}

function textAt(json: unknown, key: string): string | undefined {
  if (typeof json !== 'object' || json === null || !Object.hasOwn(json, key)) return undefined;
  const value: unknown = Object.entries(json).find(([name]) => name === key)?.[1];
  return typeof value === 'string' ? value.slice(0, 256) : undefined;
}
