import { readFileSync } from 'node:fs';
import { readSeed } from '../../../cli/seed/read-seed.ts';
import type { Json, JsonObject } from '../../../shared/domain/json.ts';
import { HookRules } from '../../../shared/domain/source-hook.ts';
import { previewHook } from '../../../shared/pipeline/preview-hook.ts';
import { anIntakeMessage } from '../../builders/intake-message.ts';

const page = readFileSync('docs/webhook-source.md', 'utf8');
const examples = [...page.matchAll(/```json\n([\s\S]*?)\n```/g)].map(([, text = '']) => JSON.parse(text) as JsonObject);

const PUSH = {
  repository: { full_name: 'octo/hello' },
  commits: [{ id: 'c1', timestamp: '2026-11-24T10:00:00+01:00', author: { email: 'a@example.com' } }],
};
const CHARGE = {
  id: 'evt_1',
  type: 'charge.succeeded',
  created: 1_764_000_000,
  data: { object: { customer: 'cus_1', amount: 5, currency: 'eur' } },
};

test('the examples are sources that the seed takes', () => {
  expect(examples).toHaveLength(2);
  const seed = { workspace: { slug: 'test', name: 'Test' }, sources: examples };
  expect(readSeed(JSON.stringify(seed), () => undefined)).toMatchObject({ outcome: 'valid' });
});

test.each<[number, Json, object]>([
  [
    0,
    PUSH,
    {
      event: 'GitHub push',
      userId: 'a@example.com',
      messageId: 'd-1-0',
      timestamp: '2026-11-24T09:00:00.000Z',
      properties: { repository: 'octo/hello', commit: 'c1' },
    },
  ],
  [
    1,
    CHARGE,
    {
      event: 'Stripe charge.succeeded',
      userId: 'cus_1',
      messageId: 'evt_1',
      timestamp: '2025-11-24T16:00:00.000Z',
      properties: { amount: 5, currency: 'EUR' },
    },
  ],
])('example %i makes the event that the page speaks of', (number, body, event) => {
  const headers = { 'x-github-event': 'push', 'x-github-delivery': 'd-1' };
  const { sourceId, intakeId, receivedAt } = anIntakeMessage();
  const preview = previewHook(
    HookRules.parse(examples[number]?.['hook']),
    { headers, body },
    { sourceId, intakeId, receivedAt },
  );
  expect(preview.items).toMatchObject([{ outcome: 'event', event }]);
});
