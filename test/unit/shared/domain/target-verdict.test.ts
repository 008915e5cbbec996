import type { JsonObject } from '../../../../shared/domain/json.ts';
import { judgeForTarget, type RuledTarget } from '../../../../shared/domain/target-verdict.ts';
import { anEvent } from '../../../builders/an-event.ts';
import { ANY_KIND } from '../../../builders/any-kind.ts';
import { aDestination, aFilter, aSourceSchema } from '../../../builders/workspace-things.ts';

const aTarget = (over: Partial<RuledTarget> & { destination?: RuledTarget['destination'] } = {}): RuledTarget => ({
  destination: aDestination({ type: 'webhook' }),
  kind: ANY_KIND,
  filters: [],
  schema: undefined,
  ...over,
});

const TRACK_ONLY = { ...ANY_KIND, supportedTypes: ['track'] as const };
const NOT_HERE = aSourceSchema({ track: { 'Order Completed': { destinations: { dst_1: false } } } });
const ASKS = aDestination({ consentCategories: ['ads'] });
const DEVICE = aDestination({ connectionMode: 'device' });
const BUNDLED = { _metadata: { bundled: ['Webhook'] } };
const NEVER = [aFilter({ if: 'all' })];
const BROKEN = [aFilter({ if: '((' })];
const OFF = { integrations: { Webhook: false } };
const REFUSED = { context: { consent: { categoryPreferences: { ads: false } } } };

test.each<[string, RuledTarget, JsonObject, string]>([
  ['a type that is gone', aTarget({ kind: undefined }), {}, 'UNSUPPORTED_EVENT_TYPE'],
  [
    'an unsupported call, before a filter is looked at (C17)',
    aTarget({ kind: TRACK_ONLY, filters: BROKEN }),
    { type: 'page' },
    'UNSUPPORTED_EVENT_TYPE',
  ],
  [
    'sent by the browser itself (B10)',
    aTarget({ destination: DEVICE, filters: NEVER }),
    { ...BUNDLED, ...OFF },
    'MESSAGE_SENT_CLIENT_SIDE',
  ],
  [
    'sent by the browser to a tool that devices alone feed, whatever its mode (B10)',
    aTarget({ kind: { ...aTarget().kind, isDeviceOnly: true } as RuledTarget['kind'] }),
    BUNDLED,
    'MESSAGE_SENT_CLIENT_SIDE',
  ],
  [
    'not sent to a tool that devices alone feed (B10)',
    aTarget({ kind: { ...aTarget().kind, isDeviceOnly: true } as RuledTarget['kind'] }),
    {},
    'NOT_SENT_CLIENT_SIDE',
  ],
  [
    'its integrations object (C18, C19), before consent',
    aTarget({ destination: ASKS }),
    { ...OFF, ...REFUSED },
    'FILTERED_BY_INTEGRATIONS_OBJECT',
  ],
  [
    'the schema integration filter (C22), before consent',
    aTarget({ destination: ASKS, schema: NOT_HERE }),
    REFUSED,
    'FILTERED_BY_SCHEMA',
  ],
  ['consent, before filters', aTarget({ destination: ASKS, filters: NEVER }), REFUSED, 'FILTERED_BY_END_USER_CONSENT'],
  ['a filter', aTarget({ filters: NEVER }), {}, 'FILTERED_BY_RULES'],
  ['a filter that cannot be read (C05, T26)', aTarget({ filters: BROKEN }), {}, 'INVALID_FILTER'],
])('kept back by %s', (_case, target, over, reason) => {
  expect(judgeForTarget(anEvent(over), target)).toEqual({ verdict: 'filtered', reason });
});

test.each<[string, RuledTarget, JsonObject]>([
  ['no rule that objects', aTarget(), {}],
  ['a browser that loaded it, for a destination in cloud mode', aTarget(), BUNDLED],
  ['a device-mode destination, for a server that has no device', aTarget({ destination: DEVICE }), {}],
  [
    'an event that names the destination, whatever the schema says (C22)',
    aTarget({ schema: NOT_HERE }),
    { integrations: { Webhook: true } },
  ],
  [
    'consent that is given',
    aTarget({ destination: ASKS }),
    { context: { consent: { categoryPreferences: { ads: true } } } },
  ],
])('passes with %s', (_case, target, over) => {
  const event = anEvent(over);
  expect(judgeForTarget(event, target)).toEqual({ verdict: 'passes', event });
});
