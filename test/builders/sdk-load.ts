import { Analytics } from '@segment/analytics-node';

/** The six calls, in turn. */
const CALLS: readonly ((analytics: Analytics, number: number, done: (error?: unknown) => void) => void)[] = [
  (analytics, n, done) => analytics.track({ userId: `u${n % 50}`, event: 'Product Viewed', properties: { n } }, done),
  (analytics, n, done) => analytics.identify({ userId: `u${n % 50}`, traits: { email: `u${n}@example.com` } }, done),
  (analytics, n, done) => analytics.page({ anonymousId: `a${n % 50}`, name: 'Home', properties: { n } }, done),
  (analytics, n, done) => analytics.screen({ anonymousId: `a${n % 50}`, name: 'Cart', properties: { n } }, done),
  (analytics, n, done) =>
    analytics.group({ userId: `u${n % 50}`, groupId: `g${n % 5}`, traits: { name: 'Ø & Söhne' } }, done),
  (analytics, n, done) => analytics.alias({ userId: `u${n}`, previousId: `a${n}` }, done),
];

/** Sends events of all six types with the official, unmodified SDK and answers how many it was told were accepted. */
export async function sendBySdk(options: {
  host: string;
  writeKey: string;
  count: number;
  maxRetries?: number;
}): Promise<{ accepted: number; refused: unknown[] }> {
  const analytics = new Analytics({
    writeKey: options.writeKey,
    host: options.host,
    flushAt: 15,
    flushInterval: 50,
    maxRetries: options.maxRetries ?? 10,
  });
  const refused: unknown[] = [];
  let accepted = 0;
  const ends = Array.from(
    { length: options.count },
    (_, number) =>
      new Promise<void>((resolve) => {
        CALLS[number % CALLS.length]?.(analytics, number, (error) => {
          if (error === undefined) accepted += 1;
          else refused.push(error);
          resolve();
        });
      }),
  );
  await Promise.all(ends);
  await analytics.closeAndFlush();
  return { accepted, refused };
}
