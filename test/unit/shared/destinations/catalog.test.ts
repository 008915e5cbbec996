import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseFql } from '@segment/destination-subscriptions';
import { definitionFiles, SLUGS } from '../../../../shared/destinations/catalog.ts';
import { DESCRIPTIONS } from '../../../../shared/destinations/descriptions.ts';
import {
  ACCESS_TOKEN_SETTING,
  type DestinationDefinition,
} from '../../../../shared/destinations/destination-definition.ts';
import { destinationsPage } from '../../../../shared/destinations/destinations-page.ts';
import { generateKinds, generateLoaders } from '../../../../shared/destinations/generate-code.ts';
import { findKind } from '../../../../shared/destinations/kinds.ts';
import { LIBRARY_ROWS } from '../../../../shared/destinations/library-rows.ts';
import { NOT_OFFERED, NOT_OFFERED_REASONS } from '../../../../shared/destinations/not-offered.ts';
import { OWN_ROWS } from '../../../../shared/destinations/own/rows.ts';
import { SPECIAL_ROWS } from '../../../../shared/destinations/special-rows.ts';
import { THEIR_TEXTS } from '../../../builders/sweep/their-words.ts';

const LIBRARY = join(process.cwd(), 'node_modules/@segment/action-destinations/dist/destinations');
const GENERATED = join(process.cwd(), 'shared/destinations/generated');
/** As they are written for a function that serves them: read back from the files' text. */
const definitions: DestinationDefinition[] = [];

beforeAll(async () => {
  for await (const { name, text } of definitionFiles()) {
    const definition = JSON.parse(text) as DestinationDefinition;
    expect(name).toBe(`${definition.slug}.json`);
    definitions.push(definition);
  }
}, 60_000);

test('what is generated is what the rows give (node cli/generate-catalog.ts)', async () => {
  expect(await readFile(join(GENERATED, 'loaders.ts'), 'utf8')).toBe(generateLoaders(LIBRARY_ROWS));
  expect(await readFile(join(process.cwd(), 'docs/destinations.md'), 'utf8')).toBe(destinationsPage());
  expect(JSON.parse(await readFile(join(GENERATED, 'kinds.json'), 'utf8'))).toEqual(
    generateKinds([...LIBRARY_ROWS, ...OWN_ROWS]),
  );
});

test('at least 170 destinations of the library are offered, and every other one is left out for a reason', async () => {
  expect(LIBRARY_ROWS.length).toBeGreaterThanOrEqual(170);
  const entries = await readdir(LIBRARY, { withFileTypes: true });
  const manifest = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const named = [...LIBRARY_ROWS.map(({ directory }) => directory), ...Object.keys(NOT_OFFERED)];
  expect(new Set(named).size).toBe(named.length);
  expect(named.filter((name) => !manifest.includes(name))).toEqual([]);
  expect(named).toHaveLength(214);
  const reasons = new Set(Object.values(NOT_OFFERED));
  expect([...reasons].toSorted()).toEqual(Object.keys(NOT_OFFERED_REASONS).toSorted());
});

test('every line of the tables is of a destination that there is', () => {
  const slugs = LIBRARY_ROWS.map(({ slug }) => slug);
  expect(new Set(SLUGS).size).toBe(SLUGS.length);
  expect(Object.keys(DESCRIPTIONS).toSorted()).toEqual(slugs.toSorted());
  expect(Object.keys(SPECIAL_ROWS).filter((slug) => !slugs.includes(slug))).toEqual([]);
  for (const slug of SLUGS) expect(slug).toMatch(/^[a-z0-9-]{1,64}$/);
});

test('what is said of a setting is of a setting that there is', () => {
  for (const { slug, secretSettings = [], settingTexts = {} } of LIBRARY_ROWS) {
    const keys = definitions.find((each) => each.slug === slug)?.settings.map(({ key }) => key);
    expect([slug, keys]).toEqual([slug, expect.arrayContaining([...secretSettings, ...Object.keys(settingTexts)])]);
  }
});

test('an address that is as good as a key is known as a secret field, of a mapping that there is', () => {
  const secretFields = LIBRARY_ROWS.flatMap(({ slug, secretFields: fields }) => (fields ? [[slug, ...fields]] : []));
  expect(secretFields).toEqual([
    ['qualtrics', 'workflowUrl'],
    ['slack', 'url'],
    ['talon-one', 'callbackAPIKey'],
    ['zapier', 'zapSubscriptionUrl'],
  ]);
  for (const [slug, ...fields] of secretFields) {
    const actions = definitions.find((each) => each.slug === slug)?.actions ?? [];
    const keys = actions.flatMap((action) => action.fields.map(({ key }) => key));
    expect([slug, keys]).toEqual([slug, expect.arrayContaining(fields)]);
  }
});

test('each can be set up: its presets name actions that are there, by triggers that can be read', () => {
  expect(definitions.map(({ slug }) => slug)).toEqual(SLUGS);
  for (const { slug, supportedTypes, integrationNames, actions, presets, name } of definitions) {
    expect(findKind(slug)).toMatchObject({ slug, supportedTypes, integrationNames });
    expect(integrationNames[0]).toBe(name);
    expect(actions).not.toEqual([]);
    const keys = new Set(actions.map(({ key }) => key));
    for (const preset of presets) {
      expect(keys).toContain(preset.action);
      expect([slug, 'error' in parseFql(preset.trigger)]).toEqual([slug, false]);
    }
    expect([slug, new Set(presets.map((each) => each.name)).size]).toEqual([slug, presets.length]);
  }
});

test('no two destinations answer to one name in the integrations object', () => {
  const names = definitions.flatMap(({ integrationNames }) => integrationNames);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('what is a password in the library is a secret here, and so is what only the name says it of', () => {
  const secretsOf = (slug: string) =>
    definitions
      .find((each) => each.slug === slug)
      ?.settings.filter(({ secret }) => secret)
      .map(({ key }) => key);
  expect(secretsOf('webhook')).toEqual(['sharedSecret', 'previousSharedSecret']);
  expect(secretsOf('amplitude')).toEqual(['apiKey', 'secretKey']);
  expect(secretsOf('mixpanel')).toEqual(['apiSecret']);
  expect(secretsOf('customerio')).toEqual(['siteId', 'apiKey']);
  expect(secretsOf('intercom')).toEqual([ACCESS_TOKEN_SETTING]);
  const plain = definitions.flatMap(({ slug, settings }) =>
    settings
      .filter(({ secret, key }) => !secret && /secret|token|api_?key|passw/i.test(key))
      .map(({ key }) => [slug, key]),
  );
  // An address, two that are in every web page that uses them, a name, and what a browser's SDK is told: every visitor can read it.
  expect(plain).toEqual([
    ['webhook-extensible', 'tokenUrl'],
    ['magellan-ai', 'pixelToken'],
    ['mixpanel', 'projectToken'],
    ['twilio-messaging', 'apiKeySID'],
    ['braze-web', 'api_key'],
    ['braze-web', 'disablePushTokenMaintenance'],
  ]);
});

test('no text and no default of a definition names another platform, but for the destination of that name', () => {
  const found = definitions
    .filter(({ slug }) => slug !== 'segment')
    .flatMap((definition) =>
      textsOf(definition)
        .filter((text) => /segment/i.test(text.replaceAll(THEIR_TEXTS[definition.slug]?.pattern ?? /$^/g, '')))
        .map((text) => [definition.slug, text]),
    );
  expect(found).toEqual([]);
});

test('each exception from that is one of today', () => {
  for (const [slug, { pattern, why }] of Object.entries(THEIR_TEXTS)) {
    const definition = definitions.find((each) => each.slug === slug);
    const texts = definition === undefined ? [] : textsOf(definition);
    expect([slug, why, texts.some((text) => text.search(pattern) !== -1)]).toEqual([slug, why, true]);
  }
});

/** What three of those that a key lets in know only by an identifier that stands in every page of a web site. */
const LET_IN_BY_PUBLIC_IDS = ['heap', 'launchdarkly', 'braze-web'];

test('what a key lets in has a secret setting, but for those whose key is public', () => {
  const open = definitions.filter(
    ({ class: ofClass, settings }) => ofClass === 'key' && !settings.some(({ secret }) => secret),
  );
  expect(open.map(({ slug }) => slug)).toEqual(LET_IN_BY_PUBLIC_IDS);
});

/** Members that hold names of the library's fields and actions, which stay: stored mappings have them. */
const NAMES = new Set(['key', 'fieldKey', 'action']);

/** Every text within a definition, choices and defaults included. Paths into events say where a value lies, and are none. */
function textsOf(value: unknown, member = ''): string[] {
  if (typeof value === 'string') return NAMES.has(member) || value.startsWith('$.') ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => textsOf(each, key));
}
