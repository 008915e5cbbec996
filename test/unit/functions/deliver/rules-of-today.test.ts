import { deliverBatch } from '../../../../functions/deliver/deliver-batch.ts';
import type { JsonObject } from '../../../../shared/domain/json.ts';
import type { ConnectedDestination, WorkspaceConfig } from '../../../../shared/domain/workspace.ts';
import { deliverDeps } from '../../../builders/deliver-deps.ts';
import { aLaneRecord, aPart } from '../../../builders/lane-parts.ts';
import { aWorkspaceConfig } from '../../../builders/workspace-config.ts';
import { aDestination, aFilter, aMapping, aSourceSchema } from '../../../builders/workspace-things.ts';

const NOW = new Date('2026-11-24T10:15:00.120Z');

type Rules = Partial<Omit<ConnectedDestination, 'destination'>> & {
  destination?: Record<string, unknown>;
  schemas?: WorkspaceConfig['schemas'];
};

/** Delivers one queued event under the configuration of today. */
async function deliver(event: JsonObject, { destination, schemas, ...rules }: Rules) {
  const connected = {
    destination: aDestination({ type: 'webhook', ...destination }),
    mappings: [aMapping({ action: 'send' })],
    ...rules,
  };
  const config = { ...aWorkspaceConfig([connected]), ...(schemas !== undefined && { schemas }) };
  const { deps, engine, dones, deadLetters } = deliverDeps({
    config,
    fate: undefined,
    rows: undefined,
    now: () => NOW,
  });
  const part = aPart({ count: 1 });
  const whole = { ...part, events: part.events.map((sent) => ({ ...sent, ...event })) };
  await expect(deliverBatch(deps)([aLaneRecord([whole])], { remainingMs: () => 30_000 })).resolves.toEqual([]);
  return { sent: engine.works.flatMap(({ events }) => events), row: dones.rows[0], letters: deadLetters.letters() };
}

test.each<[string, JsonObject, Rules, string]>([
  ['a filter made since', {}, { filters: [aFilter({ if: 'type = "track"' })] }, 'FILTERED_BY_RULES'],
  ['a filter that cannot be read (T26)', {}, { filters: [aFilter({ if: '((' })] }, 'INVALID_FILTER'],
  [
    'consent that the destination asks for since',
    { context: { consent: { categoryPreferences: { ads: false } } } },
    { destination: { consentCategories: ['ads'] } },
    'FILTERED_BY_END_USER_CONSENT',
  ],
  [
    'the schema integration filter (C22)',
    { event: 'Order Completed' },
    { schemas: [aSourceSchema({ track: { 'Order Completed': { destinations: { dst_1: false } } } })] },
    'FILTERED_BY_SCHEMA',
  ],
  [
    'the schema event filter (C23)',
    { event: 'Order Completed' },
    { schemas: [aSourceSchema({ track: { 'Order Completed': { enabled: false } } })] },
    'FILTERED_BY_SCHEMA',
  ],
  ['its trigger, changed since', {}, { mappings: [aMapping({ trigger: 'type = "page"' })] }, 'NO_MATCHING_MAPPING'],
  ['its trigger, unreadable since', {}, { mappings: [aMapping({ trigger: 'type =' })] }, 'INVALID_TRIGGER'],
])(
  'what was queued is not sent when %s forbids it: discarded, kept, no try counted',
  async (_case, event, rules, code) => {
    const { sent, row, letters } = await deliver(event, rules);
    expect(sent).toEqual([]);
    expect(row).toMatchObject({ delivered: 0, discarded: { [code]: 1 } });
    expect(letters).toMatchObject([{ outcome: 'discarded', code, attempts: 0 }]);
  },
);

test('a destination gets what its filters of today leave of an event', async () => {
  const filters = [aFilter({ if: 'all', actions: [{ type: 'DROP_PROPERTIES', fields: { properties: ['email'] } }] })];
  const { sent, row } = await deliver({ properties: { email: 'a@b.c', total: 1 } }, { filters });
  expect(sent).toMatchObject([{ properties: { total: 1 } }]);
  expect(sent[0]?.['properties']).toEqual({ total: 1 });
  expect(row).toMatchObject({ delivered: 1 });
});

test('traits that were switched off while an event waited are not sent (C23)', async () => {
  const schemas = [aSourceSchema({ identify: { blockedTraits: ['ssn'] } })];
  const event = { type: 'identify', traits: { ssn: '1', email: 'a@b.c' } };
  const { sent } = await deliver(event, {
    schemas,
    mappings: [aMapping({ action: 'send', trigger: 'type = "identify"' })],
  });
  expect(sent[0]?.['traits']).toEqual({ email: 'a@b.c' });
});

test('a filter that was taken away before route decided does not discard by what memory holds', async () => {
  const connected = { destination: aDestination({ type: 'webhook' }), mappings: [aMapping({ action: 'send' })] };
  const stale = aWorkspaceConfig([{ ...connected, filters: [aFilter({ if: 'all' })] }]);
  const fresh = aWorkspaceConfig([connected]);
  const { deps, engine, dones } = deliverDeps({ config: fresh, fate: undefined, rows: undefined, now: () => NOW });
  deps.configs.workspaceConfig = async (_id, asOfMs) => (asOfMs === undefined ? stale : fresh);
  await deliverBatch(deps)([aLaneRecord([aPart({ count: 1 })])], { remainingMs: () => 30_000 });
  expect(dones.rows[0]).toMatchObject({ delivered: 1 });
  expect(engine.works).toHaveLength(1);
});
