import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { findRow } from '../../shared/destinations/rows.ts';
import { SLUGS } from '../../shared/destinations/catalog.ts';
import { findDeviceMode } from '../../shared/destinations/device-modes.ts';
import type { EventType } from '../../shared/domain/event.ts';
import { bundledDestinations } from '../builders/destination-bundle.ts';
import { candidatesFor } from '../builders/sweep/candidates.ts';
import { namesTheLibrary } from '../builders/sweep/names-the-library.ts';
import { findWay, isSent, openSweep, type Sent } from '../builders/sweep/run-sweep.ts';
import { THEIR_WORDS } from '../builders/sweep/their-words.ts';

/**
 * How each destination is sent each type of event: the mapping (an action, and which preset of it; marked where its required fields are not
 * enough), and the requests as lines (see `shapeOf`), in order. Written anew by WRITE_SWEEP=1, and then read by a person.
 */
type Row = { types: EventType[]; mapping: string; requests: string[] };
type Table = Record<string, Row[]>;

const FILE = join(process.cwd(), 'test/fixtures/destination-requests.json');
const SENDING = SLUGS.filter((slug) => slug !== 'inbox' && findDeviceMode(slug) === undefined);
const ALL_FIELDS = ' (all fields)';

let table: Table = {};
let bundle: Awaited<ReturnType<typeof bundledDestinations>>;
let sweep: Awaited<ReturnType<typeof openSweep>> | undefined;

beforeAll(async () => {
  // One of them makes up keys of its own.
  jest.spyOn(Math, 'random').mockReturnValue(0.4711);
  await openAnew();
  table = process.env['WRITE_SWEEP'] === '1' ? await newTable() : (JSON.parse(await readFile(FILE, 'utf8')) as Table);
}, 300_000);
afterAll(() => sweep?.close());

async function newTable(): Promise<Table> {
  if (sweep === undefined) throw new Error('The sweep is open');
  const ways: [slug: string, type: EventType, mapping: string][] = [];
  for (const slug of SENDING) {
    const definition = await definitionOf(slug);
    for (const type of definition.supportedTypes) {
      const found = await findWay(sweep, definition, type);
      if ('failures' in found) throw new Error(`${slug} ${type}: ${found.failures.join('\n')}`);
      const { candidate, wanted } = found.way;
      ways.push([slug, type, wanted === 'all' ? candidate + ALL_FIELDS : candidate]);
    }
  }
  // Once more with nothing remembered, as the tests will: a token that was made is used again.
  await openAnew();
  const made: Table = {};
  for (const [slug, type, mapping] of ways) {
    const { lines } = await sendAsWritten(slug, type, mapping);
    const rows = (made[slug] ??= []);
    const same = rows.find((row) => row.mapping === mapping && isDeepStrictEqual(row.requests, lines));
    if (same === undefined) rows.push({ types: [type], mapping, requests: lines });
    else same.types.push(type);
  }
  await writeFile(FILE, `${JSON.stringify(made)}\n`);
  await openAnew();
  return made;
}

async function openAnew(): Promise<void> {
  await sweep?.close();
  bundle = await bundledDestinations();
  sweep = await openSweep(bundle);
}

async function definitionOf(slug: string) {
  const definition = await bundle.findDefinition(slug);
  if (definition === undefined) throw new Error(`There is no ${slug}`);
  return definition;
}

async function sendAsWritten(slug: string, type: EventType, way: string): Promise<Sent> {
  if (sweep === undefined) throw new Error('The sweep is open');
  const definition = await definitionOf(slug);
  const wanted = way.endsWith(ALL_FIELDS) ? 'all' : 'required';
  const name = way.replace(ALL_FIELDS, '');
  const candidate = candidatesFor(definition, type).find((each) => each.name === name);
  if (candidate === undefined) throw new Error(`${slug} has no mapping ${name}`);
  return await sweep.sendBy(definition, candidate, wanted);
}

test('at least 170 destinations are shipped, and the table has each with every type of event that it takes', () => {
  expect(SENDING.length).toBeGreaterThanOrEqual(170);
  const typesOf = (slug: string) => (table[slug] ?? []).flatMap(({ types }) => types).toSorted();
  expect(SENDING.map((slug) => [slug, typesOf(slug)])).toEqual(
    SENDING.map((slug) => [slug, findRow(slug)?.supportedTypes.toSorted()]),
  );
  expect(Object.keys(table)).toEqual(SENDING);
});

test.each(SENDING)('%s sends what the table says, and nothing in it speaks for another platform', async (slug) => {
  const named = new Set<string>();
  for (const type of findRow(slug)?.supportedTypes ?? []) {
    const row = table[slug]?.find(({ types }) => types.includes(type));
    const sent = await sendAsWritten(slug, type, row?.mapping ?? '');
    expect([type, sent.outcome.outcome, sent.lines]).toEqual([type, 'delivered', row?.requests]);
    expect(isSent(sent)).toBe(true);
    const sending = sent.requests.filter(({ method }) => !['GET', 'HEAD'].includes(method));
    expect(sending.length > 0).toBe(findRow(slug)?.sendsByGet !== true);
    for (const request of sent.requests) {
      expect(request.headers['user-agent']).not.toMatch(/segment/i);
      for (const name of namesTheLibrary(request)) named.add(name);
    }
  }
  expect([...named].filter((name) => !(THEIR_WORDS[slug]?.pattern.test(name) ?? false))).toEqual([]);
});

// After the others: tools that make tokens would have made them.
test('every action of every destination checks payloads under the URI parser that is installed (trap 2)', async () => {
  const faults: string[] = [];
  for (const slug of SENDING) {
    const definition = await definitionOf(slug);
    for (const action of definition.actions) {
      const candidate = { name: action.key, action, fields: {}, event: { type: 'track', messageId: 'm1' } };
      const outcome = JSON.stringify((await sweep?.sendBy(definition, candidate, 'required'))?.outcome);
      if (/scheme is malformed|There is no action/.test(outcome)) faults.push(`${slug} ${action.key}: ${outcome}`);
    }
  }
  expect(faults).toEqual([]);
}, 120_000);
