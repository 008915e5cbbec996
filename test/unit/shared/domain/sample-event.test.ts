import { triggerCondition } from '../../../../shared/domain/condition.ts';
import { EVENT_TYPES } from '../../../../shared/domain/event.ts';
import { sampleEvent } from '../../../../shared/domain/sample-event.ts';
import { validateEvent } from '../../../../shared/domain/validate-event.ts';

test.each([
  'all',
  'type = "identify"',
  'type = "track" and event = "Order Completed" and properties.total >= 10 and properties.total != 11',
  'type = "page" or type = "screen"',
  'type = "track" and (event = "A" or event = "B") and context.app.name = "shop"',
  'type = "group" and traits.plan != null and contains(traits.name, "Corp")',
  'event = "X" and match(properties.path, "/cups/*")',
  'properties.isNew = true and properties.count < 3',
])('a sample event meets the trigger %s', (trigger) => {
  const event = sampleEvent({ trigger });
  expect(triggerCondition(trigger)(event)).toBe(true);
  expect(validateEvent(event, undefined, 99).verdict).toBe('valid');
});

test.each(EVENT_TYPES)('a plain event of the type %s is one of the spec', (type) => {
  expect(validateEvent(sampleEvent({ type }), undefined, 99)).toMatchObject({ verdict: 'valid', type });
});

test('where the mapping looks there is something that fits its field', () => {
  const fields = {
    email: { '@path': '$.properties.email' },
    size: { '@json': { mode: 'encode', value: { '@path': '$.properties.size' } } },
    place: { lat: { '@path': '$.context.location.latitude' } },
    traits: { '@path': '$.traits.never' },
  };
  const definitions = [
    { key: 'size', type: 'integer' },
    { key: 'place', type: 'object', properties: [{ key: 'lat', type: 'number' }] },
  ];
  expect(sampleEvent({ trigger: 'type = "track"', fields, definitions })).toMatchObject({
    properties: { email: 'ada@example.com', size: 2 },
    context: { location: { latitude: 2 } },
  });
  expect(sampleEvent({ fields })).not.toHaveProperty('traits');
});

test('a trigger that cannot be read, and places that are no places, are passed over', () => {
  const fields = {
    a: { '@path': '$.properties.__proto__.x' },
    b: { '@path': `$.properties${'.a'.repeat(40)}` },
    c: { '@path': '' },
  };
  expect(sampleEvent({ trigger: 'type = ', fields })).toMatchObject({ type: 'track', properties: {} });
  expect(({} as { x?: unknown }).x).toBeUndefined();
});
