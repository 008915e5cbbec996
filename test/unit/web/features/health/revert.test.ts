import { type AuditEntry, revertOf } from '../../../../../web/src/features/health/revert.ts';

const anEntry = (more: Partial<AuditEntry> = {}): AuditEntry => ({
  id: 'aud_1',
  at: '2026-11-27T10:00:00.000Z',
  event: 'Integration Modified',
  actor: { type: 'user', id: 'usr_1' },
  resource: { type: 'DESTINATION', id: 'dst_1', name: 'CRM' },
  before: { retryWindowHours: 24 },
  after: { retryWindowHours: 12 },
  ...more,
});

test('a destination gets back what it had', () => {
  expect(revertOf(anEntry(), 'dst_1', [])).toEqual({
    can: true,
    operation: 'updateAppDestination',
    input: { path: { destinationId: 'dst_1' }, body: { retryWindowHours: 24 } },
  });
});

test('a mapping’s fields go back as its settings, a source’s settings as settings', () => {
  const mapping = anEntry({
    resource: { type: 'DESTINATION_SUBSCRIPTION', id: 'map_1' },
    before: { trigger: 'type = "identify"', fields: { a: 1 } },
    after: { trigger: 'type = "track"', fields: { a: 2 } },
  });
  expect(revertOf(mapping, 'dst_1', [])).toMatchObject({
    operation: 'updateSubscriptionForDestination',
    input: {
      path: { destinationId: 'dst_1', id: 'map_1' },
      body: { input: { trigger: 'type = "identify"', settings: { a: 1 } } },
    },
  });
  const source = anEntry({
    resource: { type: 'SOURCE', id: 'src_1' },
    before: { name: 'Web', allowedOrigins: [] },
    after: { name: 'Website', allowedOrigins: ['a.example'] },
  });
  expect(revertOf(source, undefined, [])).toMatchObject({
    operation: 'updateAppSource',
    input: { path: { sourceId: 'src_1' }, body: { name: 'Web', settings: { allowedOrigins: [] } } },
  });
});

test('a filter gets back its condition', () => {
  const filter = anEntry({
    resource: { type: 'DESTINATION_FILTER', id: 'flt_1' },
    before: { if: "event = 'A'" },
    after: { if: 'all' },
  });
  expect(revertOf(filter, 'dst_1', [])).toMatchObject({
    operation: 'updateFilterForDestination',
    input: { path: { destinationId: 'dst_1', filterId: 'flt_1' }, body: { if: "event = 'A'" } },
  });
});

const without = (key: 'before' | 'after'): AuditEntry => {
  const { [key]: _, ...rest } = anEntry();
  return rest;
};
test.each([
  ['what was made', without('before'), [], 'made something new'],
  ['what was deleted', without('after'), [], 'cannot be brought back'],
  ['a secret', anEntry({ before: { settings: { key: '••••••••' } }, after: { settings: {} } }), [], 'secret'],
  ['a secret that only changed', anEntry({ after: { settings: { key: '••••••••' } } }), [], 'secret'],
  ['what was changed again', anEntry(), [anEntry({ id: 'aud_2' })], 'changed again since'],
  ['a member that nobody sets', anEntry({ before: { lane: 1 }, after: { lane: 2 } }), [], 'own page'],
  ['another kind of thing', anEntry({ resource: { type: 'REPLAY', id: 'rp_1' } }), [], 'own page'],
])('%s is not taken back, and it is said why', (_what, entry, later, why) => {
  const revert = revertOf(entry, 'dst_1', later);
  expect(revert).toEqual({ can: false, why: expect.stringContaining(why) as string });
});

test('a later change of something else is no hindrance', () => {
  const later = anEntry({ id: 'aud_2', before: { enabled: true }, after: { enabled: false } });
  expect(revertOf(anEntry(), 'dst_1', [later]).can).toBe(true);
});
