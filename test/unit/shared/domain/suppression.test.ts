import fc from 'fast-check';
import { isOfSuppressed, pageOfSuppressed } from '../../../../shared/domain/suppression.ts';

const SUPPRESSED = new Set(['ada']);

test.each([
  ['its userId is', { type: 'track', userId: 'ada' }, true],
  ['an alias moves away from it', { type: 'alias', userId: 'lovelace', previousId: 'ada' }, true],
  ['an alias moves to it', { type: 'alias', userId: 'ada', previousId: 'lovelace' }, true],
  ['a previousId of another call is a property like others', { type: 'track', userId: 'bo', previousId: 'ada' }, false],
  ['its anonymousId merely reads the same', { type: 'track', anonymousId: 'ada' }, false],
  ['its group merely reads the same', { type: 'group', userId: 'bo', groupId: 'ada' }, false],
  ['its traits merely name it', { type: 'identify', userId: 'bo', traits: { userId: 'ada' } }, false],
  ['case differs', { type: 'track', userId: 'Ada' }, false],
  ['a space differs', { type: 'track', userId: 'ada ' }, false],
  ['it is no text', { type: 'track', userId: ['ada'] }, false],
  ['it is inherited', Object.create({ userId: 'ada' }) as Record<string, string>, false],
])('an event counts by its userId alone, and an alias by both of its ids: %s (J16)', (_case, event, verdict) => {
  expect(isOfSuppressed(event, SUPPRESSED)).toBe(verdict);
  expect(isOfSuppressed(event, new Set())).toBe(false);
  expect(isOfSuppressed(event, undefined)).toBe(false);
});

test('pages in a row have each user once, in the order of their ids', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ unit: 'binary' })), fc.integer({ min: 1, max: 7 }), (userIds, limit) => {
      const found: string[] = [];
      let after: string | undefined;
      for (let pages = 0; pages <= userIds.length; pages += 1) {
        const page = pageOfSuppressed(new Set(userIds), { after, limit });
        found.push(...page.userIds);
        after = page.userIds.at(-1);
        if (!page.hasMore) break;
      }
      expect(found).toEqual(userIds.toSorted());
    }),
  );
});

test('a previousId that is a number is an id, too (J16)', () => {
  expect(isOfSuppressed({ type: 'alias', userId: 'new', previousId: 4711 }, new Set(['4711']))).toBe(true);
});
