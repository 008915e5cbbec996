import { dryRun } from '../../shared/destinations/stand-in.ts';
import { triggerCondition } from '../../shared/domain/condition.ts';
import type { JsonObject } from '../../shared/domain/json.ts';
import { sampleEvent } from '../../shared/domain/sample-event.ts';
import { bundledDestinations } from '../builders/destination-bundle.ts';
import { SLUGS } from '../../shared/destinations/catalog.ts';
import { findRow } from '../../shared/destinations/rows.ts';

jest.setTimeout(300_000);

/** Shares of the catalog that were measured when this was written, less a little. */
const MATCHED_MIN = 0.97;
const SENT_MIN = 0.8;

/** An event as the pipeline would have made it of a sample. */
const normalised = (event: JsonObject): JsonObject => ({
  ...event,
  messageId: 'm1',
  timestamp: '2026-11-24T09:59:59.000Z',
  originalTimestamp: '2026-11-24T09:59:59.000Z',
  receivedAt: '2026-11-24T10:00:00.000Z',
});

test('of nearly every type a sample event meets a preset, and a dry run without credentials shows a request, and none leaves', async () => {
  const bundle = await bundledDestinations();
  let dialled = 0;
  const http = bundle.guardedHttp(bundle.targetRules('', ''), async () => {
    dialled += 1;
    throw new Error('No name is looked up in a dry run');
  });
  const engine = bundle.createEngine({ http, now: () => new Date('2026-11-24T10:00:00.000Z') });
  const [presets, unmatched, types, silent]: [string[], string[], string[], string[]] = [[], [], [], []];
  for (const slug of SLUGS.filter((one) => findRow(one) !== undefined)) {
    const definition = await bundle.findDefinition(slug);
    if (definition === undefined || definition.presets.length === 0) continue;
    types.push(slug);
    const secretKeys = definition.settings.filter(({ secret }) => secret).map(({ key }) => key);
    const { settings } = await bundle.placeholderSettings(slug, {}, secretKeys);
    const said: string[] = [];
    let requests = 0;
    for (const { name, action, trigger, fields } of definition.presets) {
      const event = sampleEvent({
        trigger,
        fields,
        definitions: definition.actions.find(({ key }) => key === action)?.fields ?? [],
      });
      presets.push(`${slug}/${name}`);
      if (triggerCondition(trigger)(event) !== true) unmatched.push(`${slug}/${name}: ${trigger}`);
      const mapping = { action, trigger, fields: { ...fields } };
      const events = [normalised(event)];
      const [call] = await engine.callsOf({ slug, settings, mapping, events, hopThroughUs: 1, standIn: dryRun });
      const [result] = (await call?.run()) ?? [];
      requests += result?.exchanges.length ?? 0;
      if (result?.outcome.outcome !== 'delivered') said.push(result?.outcome.message.slice(0, 100) ?? '');
    }
    if (requests === 0) silent.push(`${slug}: ${said[0] ?? ''}`);
  }
  bundle.closeGuardedHttp(http);
  const shares = {
    matched: 1 - unmatched.length / presets.length,
    sent: 1 - silent.length / types.length,
  };
  const told = { presets: presets.length, types: types.length, shares, unmatched, silent };
  expect(dialled).toBe(0);
  expect([shares.matched >= MATCHED_MIN, shares.sent >= SENT_MIN, told]).toEqual([true, true, told]);
});
