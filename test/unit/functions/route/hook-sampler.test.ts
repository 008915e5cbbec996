import { hookSampler } from '../../../../functions/route/hook-sampler.ts';
import type { Json } from '../../../../shared/domain/json.ts';
import { hookRulesOf } from '../../../../shared/domain/source-hook.ts';
import type { HookSample } from '../../../../shared/ports/hook-samples.ts';
import { aHookRequest } from '../../../builders/hook.ts';
import { anIntakeMessage } from '../../../builders/intake-message.ts';

function setUp(fault?: Error) {
  const put: [string, HookSample][] = [];
  const warned: unknown[] = [];
  let nowMs = 0;
  const sampler = hookSampler({
    samples: {
      put: async (sourceId, sample) => {
        if (fault !== undefined) throw fault;
        put.push([sourceId, sample]);
      },
    },
    nowMs: () => nowMs,
    warn: (error) => warned.push(error),
  });
  return { sampler, put, warned, pass: (ms: number) => (nowMs += ms) };
}

const posted = (body: Json, over: Record<string, unknown> = {}) =>
  anIntakeMessage({ kind: 'hook', body: { rules: hookRulesOf(undefined), ...aHookRequest({ body }) }, ...over });

test('the newest request of each webhook source is kept, and nothing of other sources', async () => {
  const { sampler, put } = setUp();
  await sampler.keep([
    posted(2, { receivedAt: '2026-11-24T10:15:02.000Z' }),
    posted(1, { receivedAt: '2026-11-24T10:15:01.000Z' }),
    posted(3, { sourceId: 'src_2' }),
    anIntakeMessage(),
  ]);
  expect(put).toEqual([
    ['src_1', { receivedAt: '2026-11-24T10:15:02.000Z', request: aHookRequest({ body: 2 }), isShortened: false }],
    ['src_2', { receivedAt: '2026-11-24T10:15:00.000Z', request: aHookRequest({ body: 3 }), isShortened: false }],
  ]);
});

test('a flood costs six writes a minute, and each source has its own', async () => {
  const { sampler, put, pass } = setUp();
  for (let number = 0; number < 1_000; number += 1) await sampler.keep([posted(number)]);
  expect(put).toHaveLength(6);
  await sampler.keep([posted(0, { sourceId: 'src_2' })]);
  expect(put).toHaveLength(7);
  pass(60_000);
  for (let number = 0; number < 1_000; number += 1) await sampler.keep([posted(number)]);
  expect(put).toHaveLength(13);
});

test('a large body is cut to the shape of it, and says so', async () => {
  const { sampler, put } = setUp();
  const items = Array.from({ length: 5_000 }, (_, at) => ({ id: at, text: 'é"'.repeat(500) }));
  await sampler.keep([posted({ items, name: 'shop' })]);
  const [[, sample] = []] = put;
  expect(sample).toMatchObject({ isShortened: true, request: { body: { items: expect.any(Array), name: 'shop' } } });
  expect(JSON.stringify(sample).length).toBeLessThan(32_000);
  expect(sample).toHaveProperty(['request', 'body', 'items', 0, 'id'], 0);
});

test('a body of nothing but keys is cut, too', async () => {
  const { sampler, put } = setUp();
  await sampler.keep([posted(Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`key ${at}`, at])))]);
  expect(put[0]?.[1].isShortened).toBe(true);
});

test('a table that is away, or a message that holds no request, holds up nobody', async () => {
  const fault = new Error('away');
  const { sampler, warned } = setUp(fault);
  await sampler.keep([posted(1)]);
  expect(warned).toEqual([fault]);
  const { sampler: other, put } = setUp();
  await other.keep([anIntakeMessage({ kind: 'hook', body: null })]);
  expect(put).toEqual([]);
});
