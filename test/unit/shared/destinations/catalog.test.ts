import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseFql } from '@segment/destination-subscriptions';
import { DEFINITIONS, findDefinition } from '../../../../shared/destinations/catalog.ts';
import { generateCatalog, generateLoaders } from '../../../../shared/destinations/generate-catalog.ts';
import generated from '../../../../shared/destinations/generated/catalog.json';
import { findKind } from '../../../../shared/destinations/kinds.ts';
import { LIBRARY_ROWS } from '../../../../shared/destinations/library-rows.ts';

test('the generated catalog is what the installed library gives (node cli/generate-catalog.ts)', async () => {
  expect(generated).toEqual(generateCatalog(LIBRARY_ROWS));
  const loaders = await readFile(join(process.cwd(), 'shared/destinations/generated/loaders.ts'), 'utf8');
  expect(loaders).toBe(generateLoaders(LIBRARY_ROWS));
});

test('the set holds the Inbox and six tools', () => {
  expect(DEFINITIONS.map(({ slug }) => slug)).toEqual([
    'inbox',
    'webhook',
    'slack',
    'amplitude',
    'mixpanel',
    'google-analytics-4',
    'customerio',
  ]);
});

test.each(DEFINITIONS.map((definition) => [definition.slug, definition] as const))(
  '%s can be set up: its presets name actions that are there, by triggers that can be read',
  (slug, definition) => {
    expect(findDefinition(slug)).toBe(definition);
    expect(findKind(slug)).toMatchObject({
      supportedTypes: definition.supportedTypes,
      integrationNames: definition.integrationNames,
    });
    expect(definition.presets).not.toEqual([]);
    const actions = new Set(definition.actions.map(({ key }) => key));
    for (const preset of definition.presets) {
      expect(actions).toContain(preset.action);
      expect(parseFql(preset.trigger)).not.toHaveProperty('error');
    }
    expect(new Set(definition.presets.map(({ name }) => name)).size).toBe(definition.presets.length);
    expect(definition.integrationNames[0]).toBe(definition.name);
  },
);

test('no two destinations answer to one name in the integrations object', () => {
  const names = DEFINITIONS.flatMap(({ integrationNames }) => integrationNames);
  expect(new Set(names).size).toBe(names.length);
});

test('what is a password in the library is a secret here', () => {
  const secrets = DEFINITIONS.map(({ slug, settings }) => [
    slug,
    settings.filter((each) => each.secret).map((each) => each.key),
  ]);
  expect(Object.fromEntries(secrets)).toEqual({
    inbox: [],
    webhook: ['sharedSecret'],
    slack: [],
    amplitude: ['apiKey', 'secretKey'],
    mixpanel: ['apiSecret'],
    'google-analytics-4': ['apiSecret'],
    customerio: ['siteId', 'apiKey'],
  });
});

test('our texts do not speak of another platform', () => {
  const texts = DEFINITIONS.flatMap(({ name, description, settings, actions }) => [
    name,
    description,
    ...[...settings, ...actions.flatMap(({ fields }) => fields)].flatMap((field) => [field.label, field.description]),
    ...actions.flatMap((action) => [action.title, action.description]),
  ]);
  expect(texts.filter((text) => /\bSegment\b/.test(text))).toEqual([]);
});
