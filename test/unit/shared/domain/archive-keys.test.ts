import { archiveKey, digestKey, digestOfLateKey, lateKey } from '../../../../shared/domain/archive-keys.ts';

const PLACE = { sourceId: 'src_1', hour: '2026-11-24T10', name: 'abc' };

test('an object, its digest and the mark of a late one have names that derive from one another', () => {
  expect(archiveKey(PLACE)).toBe('source=src_1/day=2026-11-24/hour=10/abc.ndjson.gz');
  const digest = digestKey('ws_1', PLACE);
  expect(digest).toBe('digests/workspace=ws_1/day=2026-11-24/hour=10/source=src_1/abc.json.gz');
  const late = lateKey('2026-11-26T09', digest);
  expect(digestOfLateKey(late)).toEqual({ key: digest, workspaceId: 'ws_1', hour: '2026-11-24T10' });
});

test.each(['late/written=2026-11-26T09/', 'source=src_1/day=2026-11-24/hour=10/abc.ndjson.gz', 'late/written=x/y'])(
  '%s is no mark',
  (key) => {
    expect(digestOfLateKey(key)).toBeUndefined();
  },
);
