import { Analytics } from '@segment/analytics-node';
import type { InvalidEvent, ShopEvent } from './shop.ts';

/** How long the end waits for what is still on its way. */
const CLOSE_TIMEOUT_MS = 5_000;
const RAW_TIMEOUT_MS = 10_000;
/** The library holds events back this long to send several at once. */
const FLUSH_INTERVAL_MS = 500;

export type DemoCounts = { accepted: number; refused: number; invalid: number; lastFault?: string };

/** Sends by the official Node library; what that would refuse itself, by plain HTTP as a client of another make might. */
export function demoSender(target: { trackingUrl: string; writeKeys: { web: string; server: string } }) {
  const counts: DemoCounts = { accepted: 0, refused: 0, invalid: 0 };
  const raw = new Set<Promise<void>>();
  let sent = 0;
  const clients = {
    web: client(target.trackingUrl, target.writeKeys.web),
    server: client(target.trackingUrl, target.writeKeys.server),
  };
  const settled = (fault: unknown): void => {
    if (fault === undefined || fault === null) counts.accepted += 1;
    else {
      counts.refused += 1;
      counts.lastFault = textOf(fault);
    }
  };

  const sendRaw = async ({ source, event }: InvalidEvent): Promise<void> => {
    counts.invalid += 1;
    try {
      const response = await fetch(`${target.trackingUrl}/v1/batch`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          Authorization: `Basic ${Buffer.from(`${target.writeKeys[source]}:`).toString('base64')}`,
        },
        body: JSON.stringify({ batch: [event], sentAt: new Date().toISOString() }),
        signal: AbortSignal.timeout(RAW_TIMEOUT_MS),
      });
      await response.arrayBuffer();
      settled(response.ok ? undefined : `HTTP ${response.status}`);
    } catch (error) {
      settled(error);
    }
  };

  return {
    send: (event: ShopEvent): void => {
      sent += 1;
      if ('invalid' in event) {
        const request = sendRaw(event);
        raw.add(request);
        void request.finally(() => raw.delete(request));
        return;
      }
      call(clients[event.source], event, settled);
    },
    inFlight: (): number => sent - counts.accepted - counts.refused,
    counts: (): DemoCounts => ({ ...counts }),
    /** Sends what is held back and waits for the answers, for CLOSE_TIMEOUT_MS at most. */
    close: async (): Promise<void> => {
      await Promise.all([
        clients.web.closeAndFlush({ timeout: CLOSE_TIMEOUT_MS }),
        clients.server.closeAndFlush({ timeout: CLOSE_TIMEOUT_MS }),
        ...raw,
      ]);
    },
  };
}

function client(host: string, writeKey: string): Analytics {
  const analytics = new Analytics({ writeKey, host, flushInterval: FLUSH_INTERVAL_MS });
  // Faults are counted by each call's own callback; an error event that nobody hears would end the process.
  analytics.on('error', () => undefined);
  return analytics;
}

function call(
  analytics: Analytics,
  { type, message }: Exclude<ShopEvent, InvalidEvent>,
  settled: (fault: unknown) => void,
): void {
  // The generator makes each message for its method; the library checks it again.
  const send: (message: never, callback: (fault: unknown) => void) => void = analytics[type].bind(analytics);
  send(message as never, settled);
}

const textOf = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault));
