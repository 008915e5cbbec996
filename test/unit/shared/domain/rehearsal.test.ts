import { environmentOf } from '../../../../shared/domain/environment.ts';
import { rehearsalAt } from '../../../../shared/domain/rehearsal.ts';

const label = (value: string, key = 'environment') => [{ key, value }];
const UNTIL = '2026-11-26T10:05:00.000Z';

test.each([
  [label('prod'), 'production'],
  [label('PRODUCTION', 'Environment'), 'production'],
  [label('prod-eu'), 'production'],
  [[...label('dev'), ...label('prod')], 'production'],
  [label('dev'), 'other'],
  [label('product-team'), 'unknown'],
  [label('live'), 'unknown'],
  [[...label('dev'), ...label('live')], 'unknown'],
  [label('prd'), 'production'],
  [label('eu-prod'), 'production'],
  [label('production_eu'), 'production'],
  [label('staging-2'), 'other'],
  [label('non-prod'), 'other'],
  [label('preprod'), 'other'],
  [label('prod', 'team'), 'unknown'],
  [[], 'unknown'],
])('labels %j say that the environment is %s', (labels, environment) => {
  expect(environmentOf(labels)).toBe(environment);
});

test('a rehearsal holds until its time, not in production, and of no source that is gone', () => {
  const rehearsal = { status: 503, until: UNTIL };
  const endMs = Date.parse(UNTIL);
  expect(rehearsalAt({ rehearsal }, { labels: [] }, endMs - 1)).toEqual(rehearsal);
  expect(rehearsalAt({ rehearsal }, { labels: [] }, endMs)).toBeUndefined();
  expect(rehearsalAt({ rehearsal }, { labels: label('prod') }, endMs - 1)).toBeUndefined();
  expect(rehearsalAt({ rehearsal }, undefined, endMs - 1)).toBeUndefined();
  expect(rehearsalAt({}, { labels: [] }, 0)).toBeUndefined();
});
