/** What is kept in memory: the newest arrivals, and counts by messageId of more than they. */
export const ARRIVALS_MAX = 2_000;
export const MESSAGE_IDS_MAX = 200_000;
const BODY_CHARS_KEPT = 16_384;

/** One event in one request. A request whose body is a list brings several. */
export type Arrival = {
  number: number;
  at: string;
  path: string;
  /** 0 where the request got no status. */
  status: number;
  /** How it was answered where a status does not say it: `hang`, `reset` … */
  answer?: string;
  messageId?: string;
  type?: string;
  event?: string;
  /** The event as it came, unless it is longer than BODY_CHARS_KEPT. */
  body?: unknown;
};

export type ArrivalCount = {
  requests: number;
  events: number;
  /** Events that were taken (as a rule those whose request was answered 2xx), and how many different messageIds those had. */
  taken: number;
  takenMessageIds: number;
};

/** An event of a body, and what of it is looked at. */
export type BodyEvent = { json: unknown; chars: number; messageId?: string };

/** The sink's memory of what came: bounded, newest last. */
export function arrivals() {
  let kept: Arrival[] = [];
  let count = { requests: 0, events: 0, taken: 0 };
  let messageIds = new Set<string>();
  return {
    /** Notes a request and answers its events. Of a refused one the events arrived, too, but were not taken. */
    add: (request: {
      at: string;
      path: string;
      status: number;
      answer?: string;
      isTaken: boolean;
      events: readonly BodyEvent[];
    }): Arrival[] => {
      count.requests += 1;
      const { at, path, status, answer } = request;
      const added = request.events.map(({ json, chars, messageId }): Arrival => {
        count.events += 1;
        if (request.isTaken) {
          count.taken += 1;
          if (messageId !== undefined && messageIds.size < MESSAGE_IDS_MAX) messageIds.add(messageId);
        }
        return {
          number: count.events,
          at,
          path,
          status,
          ...(answer !== undefined && { answer }),
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
export function eventsOf(body: string): BodyEvent[] {
  let json: unknown = body;
  try {
    json = JSON.parse(body);
  } catch {
    return [{ json: body, chars: body.length }];
  }
  const events: readonly unknown[] = Array.isArray(json) ? json : [json];
  return events.map((event) => {
    const messageId = textAt(event, 'messageId');
    return {
      json: event,
      chars: events.length === 1 ? body.length : JSON.stringify(event).length,
      ...(messageId !== undefined && { messageId }),
    };
  });
}

function textAt(json: unknown, key: string): string | undefined {
  if (typeof json !== 'object' || json === null || !Object.hasOwn(json, key)) return undefined;
  const value: unknown = (json as Record<string, unknown>)[key];
  return typeof value === 'string' ? value.slice(0, 256) : undefined;
}
