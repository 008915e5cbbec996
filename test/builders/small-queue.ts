/** As the queues have it: six timeouts of their function. */
const VISIBILITY_MS = 180_000;

type Queued<T> = { id: string; content: T; receives: number; sentAtMs: number; visibleAtMs: number };

/** A queue in memory: what was received and not deleted comes again after its visibility timeout, or when it was told to. */
export function smallQueue<T>(name: string, nowMs: () => number) {
  const messages = new Map<string, Queued<T>>();
  let sent = 0;
  return {
    messages,
    send: (content: T, delaySeconds = 0): void => {
      sent += 1;
      const id = `${name}-${sent}`;
      const sentAtMs = nowMs();
      messages.set(id, { id, content, receives: 0, sentAtMs, visibleAtMs: sentAtMs + delaySeconds * 1_000 });
    },
    /** What is visible, the oldest first. */
    receive: (limit: number): Readonly<Queued<T>>[] => {
      const visible = [...messages.values()].filter(({ visibleAtMs }) => visibleAtMs <= nowMs()).slice(0, limit);
      for (const message of visible) {
        message.receives += 1;
        message.visibleAtMs = nowMs() + VISIBILITY_MS;
      }
      return visible;
    },
    holdBack: (id: string, seconds: number): void => {
      const message = messages.get(id);
      if (message !== undefined) message.visibleAtMs = nowMs() + seconds * 1_000;
    },
    delete: (id: string): void => void messages.delete(id),
    /** When the next message is visible. */
    nextAtMs: (): number => Math.min(...[...messages.values()].map(({ visibleAtMs }) => visibleAtMs)),
  };
}
