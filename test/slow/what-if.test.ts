import { gzipSync } from 'node:zlib';
import type { S3Client } from '@aws-sdk/client-s3';
import { s3ArchivedEvents } from '../../shared/aws/s3-archived-events.ts';
import { findKind } from '../../shared/destinations/kinds.ts';
import { judgeOfTarget, type TargetRules } from '../../shared/pipeline/estimate.ts';
import { ESTIMATE_EVENTS_MAX, runEstimate } from '../../shared/pipeline/run-estimate.ts';
import { aDestination, aFilter, aMapping } from '../builders/workspace-things.ts';

jest.setTimeout(120_000);

const OBJECTS = 60;
const EVENTS_PER_OBJECT = 1_000;
/** Of the issue: somebody waits for it. */
const WITHIN_MS = 10_000;

/** Some 1.1 KB of JSON each, as SDKs of websites send them. */
const anEvent = (number: number) => ({
  type: 'track',
  event: `Event ${number % 40}`,
  messageId: `ajs-next-${String(number).padStart(12, '0')}-0b5cf1a1-7a0c-4c5e-9a52-6d2a3c7d9e10`,
  userId: `user-${number % 5_000}`,
  anonymousId: `anonymous-${number % 7_000}`,
  receivedAt: `2026-11-26T09:${String(Math.floor(number / 1_000) % 60).padStart(2, '0')}:00.000Z`,
  timestamp: '2026-11-26T09:00:00.000Z',
  originalTimestamp: '2026-11-26T09:00:00.000Z',
  channel: 'browser',
  properties: {
    price: number % 100,
    currency: 'USD',
    email: `user-${number}@example.com`,
    products: Array.from({ length: 3 }, (_, index) => ({
      product_id: `p-${index}`,
      name: 'Blue cup',
      price: 12.5,
      quantity: 2,
    })),
  },
  context: {
    ip: '203.0.113.7',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
    page: {
      url: 'https://www.example.com/cups?utm_source=mail',
      path: '/cups',
      title: 'Cups',
      referrer: 'https://www.example.com/',
    },
    library: { name: 'analytics.js', version: 'next-1.84.3' },
    locale: 'en-US',
  },
  integrations: {},
});

test('the newest 50,000 of 60,000 events are judged, by filters and triggers, within 10 s', async () => {
  const bodies = Array.from({ length: OBJECTS }, (_, object) => {
    const lines = Array.from({ length: EVENTS_PER_OBJECT }, (_line, index) =>
      JSON.stringify(anEvent(object * EVENTS_PER_OBJECT + index)),
    );
    return gzipSync(`${lines.join('\n')}\n`);
  });
  const client = {
    send: async ({ input }: { input: { Key?: string; Prefix?: string } }) =>
      input.Key === undefined
        ? {
            Contents:
              input.Prefix?.endsWith('hour=09/') === true
                ? bodies.map(({ length }, index) => ({
                    Key: String(index),
                    Size: length,
                    LastModified: new Date(index),
                  }))
                : [],
          }
        : {
            ContentLength: bodies[Number(input.Key)]?.length,
            Body: { transformToByteArray: async () => bodies[Number(input.Key)] },
          },
  } as unknown as S3Client;
  const target = (trigger: string, filter: string): TargetRules => ({
    destination: aDestination({ type: 'webhook' }),
    kind: findKind('webhook'),
    schema: undefined,
    filters: [aFilter({ if: filter, actions: [{ type: 'DROP_PROPERTIES', fields: { properties: ['email'] } }] })],
    mappings: [aMapping({ trigger })],
    asksMappings: true,
  });
  const startedMs = performance.now();
  const run = await runEstimate(
    { archive: s3ArchivedEvents(client, 'archive'), monotonicMs: () => performance.now() },
    {
      sourceId: 'src_1',
      from: '2026-11-25T10:00:00.000Z',
      to: '2026-11-26T10:00:00.000Z',
      now: judgeOfTarget(target('type = "track" and properties.price > 50', 'type = "page"')),
      after: judgeOfTarget(target('type = "track" and (properties.price > 40 or contains(event, "Event 1"))', 'all')),
      suppressed: new Set(),
    },
  );
  const tookMs = performance.now() - startedMs;
  process.stdout.write(`${run.examined} events in ${Math.round(tookMs)} ms\n`);
  expect(run).toMatchObject({
    examined: ESTIMATE_EVENTS_MAX,
    matchedNow: 24_500,
    sampled: true,
    newestEventAt: '2026-11-26T09:59:00.000Z',
  });
  expect(run.share).toBeGreaterThan(0.8);
  expect(run.share).toBeLessThan(0.86);
  expect(tookMs).toBeLessThan(WITHIN_MS);
});
