import { auditPath } from '../../../../web/src/app/audit-path.ts';

const about = (type: string, event = 'Thing Modified', after?: Record<string, unknown>) =>
  auditPath({ event, resource: { type, id: 'a/b' }, after });

test('an entry of the audit trail leads to what it is about', () => {
  expect(about('SOURCE')).toEqual({ path: '/sources/a%2Fb/overview' });
  expect(about('USER')).toEqual({ path: '/settings/team', search: { person: 'a/b' } });
  expect(about('DESTINATION_SUBSCRIPTION', 'Destination Subscription Modified', { destinationId: 'dst_1' })).toEqual({
    path: '/destinations/dst_1/mappings/a%2Fb',
  });
});

test('but not to what is gone, or has no page', () => {
  expect(about('SOURCE', 'Source Deleted')).toBeUndefined();
  expect(about('SOURCE', 'Write Key Deleted')).toEqual({ path: '/sources/a%2Fb/overview' });
  expect(about('DESTINATION_FILTER', 'Destination Filter Deleted', { destinationId: 'dst_1' })).toBeUndefined();
  expect(about('DESTINATION_SUBSCRIPTION')).toBeUndefined();
  expect(about('TRACKING_PLAN')).toBeUndefined();
});
