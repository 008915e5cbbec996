import { type SettingsInput, sourceSettings } from '../../../../functions/cdn/source-settings.ts';
import { WriteKey } from '../../../../shared/domain/ids.ts';
import { SourceSchema } from '../../../../shared/domain/source-schema.ts';
import { aFilter, deviceTarget, PLACES } from '../../../builders/device-mode.ts';
import { aTarget, aWorkspaceConfig } from '../../../builders/workspace-config.ts';
import { aSource } from '../../../builders/workspace-things.ts';

const BRAZE = 'Braze Web Mode (Actions)';
const stored = { version: 1, createdAt: '2026-11-24T10:00:00.000Z', updatedAt: '2026-11-24T10:00:00.000Z' };

const settingsOf = (over: Partial<SettingsInput> = {}) =>
  sourceSettings({
    writeKey: WriteKey.parse('wk_0123456789abcdef'),
    source: aSource(),
    config: aWorkspaceConfig([]),
    places: PLACES,
    integrationNames: (type) => [`The ${type}`, type],
    ...over,
  });

test('a source without destinations gets what client libraries cannot do without, and nothing of other hosts', () => {
  expect(settingsOf()).toEqual({
    warnings: [],
    settings: {
      integrations: {
        'Segment.io': {
          apiKey: 'wk_0123456789abcdef',
          apiHost: 't.example.com/v1',
          deliveryStrategy: { strategy: 'batching', config: { size: 10, timeout: 500, keepalive: true } },
          retryQueue: true,
          addBundledMetadata: true,
          unbundledIntegrations: [],
          maybeBundledConfigIds: {},
        },
      },
      plan: {
        track: { __default: { enabled: true, integrations: {} } },
        identify: { __default: { enabled: true, integrations: {} } },
        group: { __default: { enabled: true, integrations: {} } },
      },
      edgeFunction: {},
      middlewareSettings: { routingRules: [] },
      enabledMiddleware: {},
      metrics: { host: 't.example.com/v1', sampleRate: 0 },
      legacyVideoPluginsEnabled: false,
      remotePlugins: [],
    },
  });
});

test('a source that says so sends each event by itself', () => {
  const { settings } = settingsOf({ source: aSource({ batching: false }) });
  expect(settings).not.toHaveProperty(['integrations', 'Segment.io', 'deliveryStrategy']);
});

test('a tracking API without TLS is told to the client, which would take https', () => {
  const places = { ...PLACES, trackingUrl: 'http://127.0.0.1:4747' };
  expect(settingsOf({ places }).settings).toMatchObject({
    integrations: { 'Segment.io': { apiHost: '127.0.0.1:4747/v1', protocol: 'http' } },
  });
});

test('destinations in the cloud are named as not bundled, once each; what is disabled or another source’s is not named', () => {
  const config = aWorkspaceConfig([
    aTarget('a'),
    aTarget('b'),
    aTarget('c', [], { type: 'slack' }),
    aTarget('d', [], { type: 'amplitude', enabled: false }),
    aTarget('e', [], { type: 'mixpanel', sourceId: 'src_2' }),
  ]);
  const { settings } = settingsOf({ config });
  expect(Object.keys(settings['integrations'] as object)).toEqual(['Segment.io']);
  expect(settings).toMatchObject({
    integrations: { 'Segment.io': { unbundledIntegrations: ['The slack', 'The webhook'] } },
  });
});

test('a device-mode destination is given whole: script, settings that browsers may see, mappings that are on (B09)', () => {
  const braze = deviceTarget({
    settings: { api_key: 'public', endpoint: 'sdk.iad-01.braze.com', unknown: 'stays here' },
    secrets: { rest: { sealed: 'x' } },
  });
  const { settings, warnings } = settingsOf({ config: aWorkspaceConfig([braze]) });
  expect(warnings).toEqual([]);
  expect(settings).toMatchObject({
    integrations: {
      [BRAZE]: { bundlingStatus: 'bundled' },
      'Segment.io': { unbundledIntegrations: [], maybeBundledConfigIds: { [BRAZE]: ['dst_braze'] } },
    },
  });
  expect(settings['remotePlugins']).toEqual([
    {
      name: BRAZE,
      creationName: BRAZE,
      libraryName: 'tributaryBrazeWeb',
      url: 'https://cdn.example.com/next-integrations/actions/braze-web/abc.js',
      settings: {
        api_key: 'public',
        endpoint: 'sdk.iad-01.braze.com',
        versionSettings: { componentTypes: [] },
        subscriptions: [
          {
            id: 'map_braze_on',
            name: 'All events',
            enabled: true,
            partnerAction: 'trackEvent',
            subscribe: 'type = "track"',
            mapping: { eventName: { '@path': '$.event' } },
          },
        ],
      },
    },
  ]);
  expect(JSON.stringify(settings)).not.toMatch(/stays here|sealed/);
});

test.each([
  ['in cloud mode', { connectionMode: 'cloud' }],
  ['disabled', { enabled: false }],
  ['of a type that no browser runs', { type: 'webhook' }],
])('a destination that is %s is not for the browser', (_case, over) => {
  const { settings, warnings } = settingsOf({ config: aWorkspaceConfig([deviceTarget(over)]) });
  expect(settings).toMatchObject({ remotePlugins: [], middlewareSettings: { routingRules: [] } });
  expect(Object.keys(settings['integrations'] as object)).toEqual(['Segment.io']);
  expect(warnings).toEqual([]);
});

test('a disabled source lets browsers feed no tool; its events still come to us, to be refused and counted', () => {
  const { settings } = settingsOf({
    source: aSource({ enabled: false }),
    config: aWorkspaceConfig([deviceTarget()]),
  });
  expect(settings).toMatchObject({
    remotePlugins: [],
    integrations: { 'Segment.io': { apiHost: 't.example.com/v1' } },
  });
});

test('of two on the device of one type the first is served, and the other is told of (B08)', () => {
  const two = [deviceTarget({ id: 'dst_second' }), deviceTarget({ id: 'dst_first' })];
  const { settings, warnings } = settingsOf({ config: aWorkspaceConfig(two) });
  expect(settings).toMatchObject({
    remotePlugins: [{ name: BRAZE }],
    integrations: { 'Segment.io': { maybeBundledConfigIds: { [BRAZE]: ['dst_first'] } } },
  });
  expect(warnings).toEqual(['destination dst_second: another of its type is on the device already']);
});

test('what the Schema page switches off is in the plan: events at all, and for tools on the device (C22, C23)', () => {
  const schema = SourceSchema.parse({
    workspaceId: 'ws_1',
    sourceId: 'src_1',
    track: {
      Secret: { enabled: false },
      Viewed: { destinations: { dst_braze: false, dst_hook: false } },
      Plain: { destinations: { dst_braze: true } },
    },
    identify: { destinations: { dst_braze: false } },
    ...stored,
  });
  const config = { ...aWorkspaceConfig([deviceTarget(), aTarget('hook')]), schemas: [schema] };
  const { settings } = settingsOf({ config });
  expect(settings['plan']).toEqual({
    track: {
      __default: { enabled: true, integrations: {} },
      Secret: { enabled: false, integrations: {} },
      Viewed: { enabled: true, integrations: { [BRAZE]: false } },
    },
    identify: { __default: { enabled: true, integrations: { [BRAZE]: false } } },
    group: { __default: { enabled: true, integrations: {} } },
  });
  // With Segment.io alone Analytics.js leaves the plan aside.
  expect(Object.keys(settings['integrations'] as object).length).toBeGreaterThan(1);
});

test('consent categories are named for each tool on the device, and all of them at the top', () => {
  const config = aWorkspaceConfig([
    deviceTarget({ consentCategories: ['ads'] }),
    aTarget('hook', [], { consentCategories: ['stats', 'ads'] }),
    aTarget('free'),
  ]);
  expect(settingsOf({ config }).settings).toMatchObject({
    integrations: { [BRAZE]: { consentSettings: { categories: ['ads'] } } },
    consentSettings: { allCategories: ['ads', 'stats'], hasUnmappedDestinations: true },
  });
  const mapped = aWorkspaceConfig([deviceTarget({ consentCategories: ['ads'] })]);
  expect(settingsOf({ config: mapped }).settings).toMatchObject({
    consentSettings: { allCategories: ['ads'], hasUnmappedDestinations: false },
  });
});

test('filters of tools on the device go along, those of others stay; one that browsers cannot apply closes the tool (C05)', () => {
  const cloud = { ...aTarget('hook'), filters: [aFilter({ destinationId: 'dst_hook' })] };
  const open = settingsOf({ config: aWorkspaceConfig([deviceTarget({}, [aFilter({ if: 'all' })]), cloud]) });
  expect(open).toMatchObject({
    warnings: [],
    settings: { middlewareSettings: { routingRules: [{ destinationName: BRAZE, matchers: [{ type: 'all' }] }] } },
  });
  const closed = settingsOf({
    config: aWorkspaceConfig([deviceTarget({}, [aFilter({ if: 'length(x) > 1' })]), cloud]),
  });
  expect(closed.warnings).toEqual([
    'destination dst_braze gets nothing from browsers: filter flt_1: browsers count characters, not bytes: there length() can only be told to be 0, or more',
  ]);
  expect(closed.settings['middlewareSettings']).toEqual({
    routingRules: [
      {
        scope: 'destinations',
        target_type: 'workspace::project::destination',
        destinationName: BRAZE,
        matchers: [{ type: 'all' }],
        transformers: [[{ type: 'drop' }]],
      },
    ],
  });
});
