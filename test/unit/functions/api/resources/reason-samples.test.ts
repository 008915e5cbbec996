import { type KeptEvent, reasonSamples } from '../../../../../functions/api/resources/reason-samples.ts';
import { aSource } from '../../../../builders/workspace-things.ts';

const SOURCE = aSource().id;
const RANGE = { from: '2026-11-26T07:30:00.000Z', to: '2026-11-26T10:00:00.000Z' };

const kept = (receivedAt: string, over: Partial<KeptEvent> = {}): KeptEvent => ({
  receivedAt: `2026-11-26T${receivedAt}:00.000Z`,
  verdict: 'ALLOWED',
  event: { messageId: receivedAt, type: 'track' },
  ...over,
});

/** Items of one event each, by hour; two a page. `parsed`: how many were parsed. */
function keptOf(events: readonly KeptEvent[], chars = 100) {
  const counts = { parsed: 0, pages: 0 };
  const items = events.map((event, n) => ({
    id: `${event.receivedAt}#${n}`,
    chars,
    text: () => JSON.stringify(event),
    entries: () => {
      counts.parsed += 1;
      return [event];
    },
  }));
  const samples = reasonSamples({
    itemsOfHour: async (_source, hour, { below = '~' }) => {
      counts.pages += 1;
      const ofHour = items
        .filter(({ id }) => id.startsWith(hour) && id < below)
        .toSorted((a, b) => (a.id < b.id ? 1 : -1));
      return { items: ofHour.slice(0, 2), isWhole: ofHour.length <= 2 };
    },
  });
  return { samples, counts };
}

test('events that ended at the source for a reason come newest first, within the range, raw where they are no event (G15)', async () => {
  const bad = { verdict: 'INVALID', reason: 'id_required', event: undefined };
  const { samples, counts } = keptOf([
    kept('07:00', { ...bad, raw: { messageId: 'too old' } }),
    kept('08:00', { ...bad, raw: { messageId: 'first', event: 'A' } }),
    kept('09:10', { verdict: 'INVALID', reason: 'unknown_type', raw: 1 }),
    kept('09:20', { ...bad, raw: 'no object' }),
    kept('09:30', { destinations: [{ id: 'dst_1', reason: 'id_required' }] }),
    kept('09:40'),
  ]);
  expect(await samples.list(SOURCE, { reason: 'id_required' }, RANGE, 10)).toEqual([
    { messageId: '', at: '2026-11-26T09:20:00.000Z', event: { raw: 'no object' } },
    { messageId: 'first', at: '2026-11-26T08:00:00.000Z', event: { messageId: 'first', event: 'A' } },
  ]);
  // Only items that name the reason are parsed.
  expect(counts.parsed).toBe(4);
});

test('what a destination did not get is found by its reason there', async () => {
  const { samples } = keptOf([
    kept('09:10', { destinations: [{ id: 'dst_1', reason: 'FILTERED_BY_RULES' }, { id: 'dst_2' }] }),
    kept('09:20', { destinations: [{ id: 'dst_2', reason: 'FILTERED_BY_RULES' }] }),
  ]);
  const found = await samples.list(SOURCE, { reason: 'FILTERED_BY_RULES', destinationId: 'dst_1' }, RANGE, 10);
  expect(found.map(({ messageId }) => messageId)).toEqual(['09:10']);
});

test('it looks no further than it must, and has bounds', async () => {
  const bad = { verdict: 'BLOCKED', reason: 'event_setting' };
  const many = Array.from({ length: 40 }, (_, n) => kept(`09:${String(n + 10).padStart(2, '0')}`, bad));
  const { samples, counts } = keptOf(many);
  expect(await samples.list(SOURCE, { reason: 'event_setting' }, RANGE, 3)).toHaveLength(3);
  expect(counts.pages).toBe(3);
  const none = keptOf(many);
  expect(
    await none.samples.list(SOURCE, { reason: 'elsewhere' }, { from: '2026-11-01T00:00:00.000Z', to: RANGE.to }, 3),
  ).toEqual([]);
  expect(none.counts.pages).toBeLessThanOrEqual(30);
});

test('no more text is looked through than one request may', async () => {
  const { samples, counts } = keptOf(
    Array.from({ length: 40 }, (_, n) => kept(`09:${String(n + 10)}`, { verdict: 'BLOCKED', reason: 'r' })),
    575_000 * 20,
  );
  expect(await samples.list(SOURCE, { reason: 'r' }, RANGE, 10)).toHaveLength(2);
  expect(counts.parsed).toBe(2);
});
