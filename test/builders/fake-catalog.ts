import type { CatalogDestination } from '../../shared/catalog/catalog-entry.ts';
import { CATALOG_SOURCE_KINDS } from '../../shared/catalog/catalog-entry.ts';
import type { CatalogReader } from '../../shared/catalog/catalog-reader.ts';
import type { DefinitionField } from '../../shared/destinations/destination-definition.ts';
import { EVENT_TYPES } from '../../shared/domain/event.ts';

const CLOUD = {
  device: { web: false, mobile: false, server: false },
  cloud: { web: true, mobile: true, server: true },
};
const BROWSER = {
  device: { web: true, mobile: false, server: false },
  cloud: { web: false, mobile: false, server: false },
};

const aField = (key: string, over: Partial<DefinitionField> = {}): DefinitionField => ({
  key,
  label: key,
  description: '',
  type: 'string',
  required: false,
  multiple: false,
  ...over,
});

const anEntry = (slug: string, id: string, over: Partial<CatalogDestination>): CatalogDestination => ({
  id,
  slug,
  otherSlugs: [`actions-${slug}`],
  name: slug[0]?.toUpperCase() + slug.slice(1),
  previousNames: [],
  description: `What ${slug} does.`,
  categories: ['Raw Data'],
  class: 'key',
  integrationNames: [slug],
  supportedTypes: EVENT_TYPES,
  status: 'PUBLIC',
  addedAt: '2026-11-24',
  connectionModes: CLOUD,
  sourceKinds: CATALOG_SOURCE_KINDS,
  settings: [],
  actions: [],
  presets: [],
  credentials: [],
  ...over,
});

/** A tool of each kind that rules tell apart: `inbox` needs nothing, `tool` a key, `pager` an address in its mappings, `pixel` is a browser's. */
export const FAKE_ENTRIES: readonly CatalogDestination[] = [
  anEntry('inbox', 'aaaaaaaaaaaaaaaaaaaaaa01', {
    class: 'none',
    actions: [
      { id: 'bbbbbbbbbbbbbbbbbbbbbb01', key: 'keep', title: 'Keep', description: '', batches: true, fields: [] },
    ],
    presets: [{ name: 'All events', action: 'keep', trigger: 'type = "track"', fields: {} }],
  }),
  anEntry('tool', 'aaaaaaaaaaaaaaaaaaaaaa02', {
    settings: [
      { ...aField('apiKey', { type: 'password', required: true }), secret: true },
      { ...aField('otherKey', { type: 'password' }), secret: true },
      {
        ...aField('region', {
          choices: [
            { label: 'US', value: 'us' },
            { label: 'EU', value: 'eu' },
          ],
          default: 'us',
        }),
        secret: false,
      },
      { ...aField('limit', { type: 'number' }), secret: false },
      { ...aField('serverUrl', { default: 'https://tool.test' }), secret: false },
      { ...aField('account'), secret: false },
    ],
    actions: [
      {
        id: 'bbbbbbbbbbbbbbbbbbbbbb02',
        key: 'send',
        title: 'Send',
        description: '',
        batches: true,
        defaultTrigger: 'type = "track"',
        fields: [
          aField('id', { required: true, default: { '@path': '$.userId' } }),
          aField('event', { default: { '@path': '$.event' } }),
          aField('properties', { type: 'object' }),
        ],
      },
    ],
    presets: [
      { name: 'Tracks', action: 'send', trigger: 'type = "track"', fields: { id: { '@path': '$.userId' } } },
      { name: 'Pages', action: 'send', trigger: 'type = "page"', fields: { id: { '@path': '$.userId' } } },
    ],
  }),
  anEntry('pager', 'aaaaaaaaaaaaaaaaaaaaaa03', {
    class: 'none',
    actions: [
      {
        id: 'bbbbbbbbbbbbbbbbbbbbbb03',
        key: 'post',
        title: 'Post',
        description: '',
        batches: false,
        fields: [aField('url', { required: true }), aField('text'), aField('headers', { type: 'object' })],
      },
    ],
    credentials: [
      { key: 'url', isField: true, secret: true, required: true, theirName: 'Webhook URL', origin: 'field help' },
    ],
  }),
  anEntry('pixel', 'aaaaaaaaaaaaaaaaaaaaaa04', {
    connectionModes: BROWSER,
    sourceKinds: ['website'],
    settings: [{ ...aField('site', { required: true }), secret: false }],
  }),
];

/** A catalog of a few made-up tools; with `metadataBytes` each says that it has so many. */
export const fakeCatalog = (metadataBytes = 1_000, entries = FAKE_ENTRIES): CatalogReader => ({
  list: async () =>
    entries.map(
      ({
        actions: _actions,
        credentials: _credentials,
        settings: _settings,
        presets: _presets,
        class: _class,
        integrationNames: _names,
        ...entry
      }) => ({
        ...entry,
        metadataBytes,
      }),
    ),
  get: async (idOrSlug) => entries.find(({ id, slug, otherSlugs }) => [id, slug, ...otherSlugs].includes(idOrSlug)),
});
