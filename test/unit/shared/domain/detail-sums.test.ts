import fc from 'fast-check';
import { destinationDetailText } from '../../../../shared/aws/detail-text.ts';
import { bitmapOf } from '../../../../shared/domain/bitmap.ts';
import { sumDones, sumPlans } from '../../../../shared/domain/books.ts';
import { DestinationSum } from '../../../../shared/domain/destination-sum.ts';
import { DETAIL_LINES_MAX } from '../../../../shared/domain/detail.ts';
import { type EventKind, OTHER_NAME } from '../../../../shared/domain/event-kind.ts';
import type { Counts, DoneRow, PlanRow } from '../../../../shared/domain/ledger-rows.ts';
import { SourceSum } from '../../../../shared/domain/source-sum.ts';
import { booksOfDestination, booksOfSource, sumsOfDestination, sumsOfSource } from '../../../builders/detail-totals.ts';
import { aDoneRow, aPlanRow, intakeIdOf } from '../../../builders/ledger-rows.ts';

const KINDS: EventKind[] = [
  ['track', 'A', '1'],
  ['track', 'B', ''],
  ['page', '', '2'],
  ['', '', ''],
];
const WORDS = ['routed', 'routed', 'routed', 'duplicate', 'suppressed', 'invalid.id_required', 'blocked.event_setting'];
const FILTERED = ['sent', 'sent', 'NO_MATCHING_MAPPING', 'FILTERED_BY_RULES'];

const countBy = (words: readonly string[], prefix = ''): Counts =>
  words.reduce((sum: Counts, word) => {
    if (!word.startsWith(prefix)) return sum;
    const name = word.slice(prefix.length);
    return { ...sum, [name]: (sum[name] ?? 0) + 1 };
  }, {});
const indexesOf = (words: readonly string[], word: string): number[] =>
  words.flatMap((each, index) => (each === word ? [index] : []));
const groups = (words: readonly string[], without: readonly string[]) =>
  Object.fromEntries(
    [...new Set(words)]
      .filter((word) => !without.includes(word))
      .map((word) => [word, bitmapOf(indexesOf(words, word))]),
  );

type Event = { kind: number; word: string; to: string };

/** A plan row of these events, that tells of all, of the first ones (a webhook's), or of none (before 0.3). */
const planOf = (events: readonly Event[], tells: 'all' | 'the first' | 'none', number: number): PlanRow => {
  const words = events.map(({ word }) => word);
  const routed = events.flatMap(({ word }, index) => (word === 'routed' ? [index] : []));
  const sent = routed.filter((index) => events[index]?.to === 'sent');
  const to = events.map(({ word, to: each }) => (word === 'routed' ? each : ''));
  const told = tells === 'the first' ? Math.ceil(events.length / 2) : events.length;
  return aPlanRow({
    intakeId: intakeIdOf(number),
    received: events.length,
    invalid: countBy(words, 'invalid.'),
    duplicate: indexesOf(words, 'duplicate').length,
    suppressed: indexesOf(words, 'suppressed').length,
    blocked: countBy(words, 'blocked.'),
    routed: routed.length,
    types: routed.length > 2 ? { track: routed.length - 1, page: 1 } : { track: routed.length },
    routedBitmap: bitmapOf(routed),
    destinations: [
      {
        destinationId: 'dst_1',
        filtered: countBy(to.filter((each) => each !== '' && each !== 'sent')),
        queued: sent.length,
        sends: sent.length,
        mappings: ['map_1'],
        bitmap: bitmapOf(sent),
        cuts: sent.length === 0 ? [] : [sent.length],
        filteredEvents: groups(to, ['', 'sent']),
      },
    ],
    ...(tells !== 'none' && {
      bytes: 100,
      kinds: KINDS,
      kindOf: events.slice(0, told).map(({ kind }) => kind),
      unrouted: groups(words.slice(0, told), ['routed']),
    }),
  });
};

const anEvent = fc.record({
  kind: fc.integer({ min: 0, max: 3 }),
  word: fc.constantFrom(...WORDS),
  to: fc.constantFrom(...FILTERED),
});
const aPlan = fc.record({
  events: fc.array(anEvent, { minLength: 1, maxLength: 8 }),
  tells: fc.constantFrom('all', 'all', 'the first', 'none'),
});
const sourceDetail = (rows: readonly PlanRow[]) => {
  const sum = new SourceSum();
  for (const row of rows) sum.addRow(row);
  return sum.detail();
};

test('G08, G12, G13: by kind a source counts what its rows say of each event, and its totals are those of its books', () => {
  fc.assert(
    fc.property(fc.array(aPlan, { maxLength: 8 }), (given) => {
      const rows = given.map(({ events, tells }, number) => planOf(events, tells as 'all', number));
      const detail = sourceDetail(rows);
      expect(sumsOfSource(detail)).toEqual(booksOfSource(sumPlans(rows)));
      const all = given.filter(({ tells }) => tells === 'all').flatMap(({ events }) => events);
      if (!given.every(({ tells }) => tells === 'all')) return;
      for (const [number, kind] of KINDS.entries()) {
        const mine = all.filter((event) => event.kind === number);
        const words = mine.map(({ word }) => word);
        const line = detail.lines.find((each) => each.kind.join() === kind.join());
        expect(line).toEqual(
          mine.length === 0
            ? undefined
            : {
                kind,
                received: mine.length,
                invalid: countBy(words, 'invalid.'),
                duplicate: indexesOf(words, 'duplicate').length,
                suppressed: indexesOf(words, 'suppressed').length,
                blocked: countBy(words, 'blocked.'),
                routed: indexesOf(words, 'routed').length,
              },
        );
        const to = mine.filter(({ word }) => word === 'routed').map((event) => event.to);
        expect(detail.connections['dst_1']?.find((each) => each.kind.join() === kind.join())).toEqual(
          to.length === 0
            ? undefined
            : { kind, queued: indexesOf(to, 'sent').length, filtered: countBy(to.filter((each) => each !== 'sent')) },
        );
      }
    }),
  );
});

const ENDS = ['d', 'r', 'w', 'u', 'discarded.400', 'dead.retry_window'];
const aLine = fc.tuple(
  fc.integer({ min: 0, max: 1 }),
  fc.integer({ min: 0, max: 3 }),
  fc.constantFrom(...ENDS),
  fc.integer({ min: 1, max: 9 }),
);
const aDone = fc.record({
  lines: fc.array(aLine, { minLength: 1, maxLength: 5 }),
  hop: fc.integer({ min: 0, max: 2 }),
  tells: fc.boolean(),
});

const doneOf = (
  { lines, hop, tells }: { lines: [number, number, string, number][]; hop: number; tells: boolean },
  number: number,
): DoneRow => {
  const words = lines.flatMap(([, , word, count]) => Array.from({ length: count }, () => word));
  const tried = indexesOf(words, 'w').map((_, number) => number);
  const retry = tried.length + indexesOf(words, 'u').length;
  return aDoneRow({
    intakeId: intakeIdOf(number),
    hop,
    settledAt: `2026-11-24T10:15:0${number % 10}.000Z`,
    delivered: words.filter((word) => word === 'd' || word === 'r').length,
    discarded: countBy(words, 'discarded.'),
    deadLettered: countBy(words, 'dead.'),
    retry,
    ...(tried.length > 0 && { triedBitmap: bitmapOf(tried) }),
    errors: tried.length === 0 ? [] : [{ code: '503', message: 'later', count: tried.length }],
    ...(tells && { bytesOut: 10, kinds: KINDS, mappings: ['map_1', 'map_2'], lines }),
  });
};
const destinationDetail = (rows: readonly DoneRow[]) => {
  const sum = new DestinationSum();
  for (const row of rows) sum.addRow(row);
  return sum.detail();
};

test('G10, G14: by mapping and kind a destination counts what its rows say, and its totals are those of its books', () => {
  fc.assert(
    fc.property(fc.array(aDone, { maxLength: 8 }), (given) => {
      const rows = given.map(doneOf);
      const detail = destinationDetail(rows);
      const books = sumDones(rows);
      expect(sumsOfDestination(detail)).toEqual(booksOfDestination(books));
      expect(detail.errors).toEqual(books.errors);
      // What went on after a try that failed, and nothing of what had no turn: as the error table says.
      expect(detail.lines.reduce((sum, { retry, untried = 0 }) => sum + retry - untried, 0)).toBe(
        books.errors.reduce((sum, { count }) => sum + count, 0),
      );
      expect(destinationDetailText.read(destinationDetailText.write(detail))).toEqual(detail);
      expect(detail.parts).toBe(rows.filter(({ hop }) => hop === 0).length);
      const firstTry = given.flatMap(({ lines, hop, tells }) =>
        lines
          .filter(([, , word]) => word === 'd' || (!tells && hop === 0 && word === 'r'))
          .filter(() => tells || hop === 0),
      );
      expect(detail.lines.reduce((sum, line) => sum + line.firstTry, 0)).toBe(
        firstTry.reduce((sum, [, , , count]) => sum + count, 0),
      );
    }),
  );
});

test('details do not depend on the order of rows, nor on how they were summed before', () => {
  fc.assert(
    fc.property(
      fc.array(aPlan, { maxLength: 6 }),
      fc.array(aDone, { maxLength: 6 }),
      fc.integer({ min: 0, max: 6 }),
      (plans, dones, cut) => {
        const planRows = plans.map(({ events, tells }, number) => planOf(events, tells as 'all', number));
        const doneRows = dones.map(doneOf);
        expect(JSON.stringify(sourceDetail(planRows.toReversed()))).toBe(JSON.stringify(sourceDetail(planRows)));
        expect(JSON.stringify(destinationDetail(doneRows.toReversed()))).toBe(
          JSON.stringify(destinationDetail(doneRows)),
        );
        const source = new SourceSum();
        const destination = new DestinationSum();
        for (const part of [planRows.slice(cut), planRows.slice(0, cut)]) source.add(sourceDetail(part));
        for (const part of [doneRows.slice(cut), doneRows.slice(0, cut)]) destination.add(destinationDetail(part));
        expect(source.detail()).toEqual(sourceDetail(planRows));
        expect(destination.detail()).toEqual(destinationDetail(doneRows));
      },
    ),
  );
});

test('a subject with far too many kinds keeps the most frequent apart and sums the rest by call; totals hold', () => {
  const rows = Array.from({ length: DETAIL_LINES_MAX + 500 }, (_, number) =>
    aPlanRow({
      intakeId: intakeIdOf(number),
      kinds: [[number % 2 === 0 ? 'track' : 'page', `name ${number}`, '']],
      ...(number < 10 && { received: 3, duplicate: 2 }),
    }),
  );
  const detail = sourceDetail(rows);
  // Of equals the first by name stay: pages before tracks.
  expect(detail.lines).toHaveLength(DETAIL_LINES_MAX + 1);
  expect(
    detail.lines.filter(({ kind }) => kind[1] === OTHER_NAME).map(({ kind, routed }) => [kind[0], routed]),
  ).toEqual([['track', 500]]);
  expect(detail.lines.filter(({ received }) => received === 3)).toHaveLength(10);
  expect(sumsOfSource(detail)).toEqual(booksOfSource(sumPlans(rows)));

  const dones = rows.map(({ kinds }, number) => aDoneRow({ intakeId: intakeIdOf(number), kinds, mappings: ['map_1'] }));
  const ends = destinationDetail(dones);
  expect(ends.lines).toHaveLength(DETAIL_LINES_MAX + 1);
  expect(sumsOfDestination(ends)).toEqual(booksOfDestination(sumDones(dones)));
});

test('totals of an hour whose rows are gone are told without kinds', () => {
  const source = new SourceSum();
  source.addTotals(sumPlans([aPlanRow(), aPlanRow({ received: 2, duplicate: 1 })]));
  expect(sumsOfSource(source.detail())).toEqual(
    booksOfSource(sumPlans([aPlanRow(), aPlanRow({ received: 2, duplicate: 1 })])),
  );
  const destination = new DestinationSum();
  const dones = [aDoneRow(), aDoneRow({ delivered: 0, discarded: { 400: 2 } }), aDoneRow({ hop: 1 })];
  destination.addTotals(sumDones(dones));
  expect(sumsOfDestination(destination.detail())).toEqual(booksOfDestination(sumDones(dones)));
});
