import { type DeviceMode, findDeviceMode } from '../../shared/destinations/device-modes.ts';
import type { DestinationId, WriteKey } from '../../shared/domain/ids.ts';
import { type Json, own } from '../../shared/domain/json.ts';
import type { ConnectedDestination, Source, WorkspaceConfig } from '../../shared/domain/workspace.ts';
import { planOf } from './plan.ts';
import { routingRuleOf, type RoutingRule } from './routing-rules.ts';

/** Where everything is, as clients see it. */
export type Places = {
  /** Origin of the tracking API. */
  trackingUrl: string;
  /** Origin of this CDN. */
  cdnUrl: string;
  /** Path of the script of each device-mode type, by slug. */
  deviceScripts: Readonly<Record<string, string>>;
};

export type SettingsInput = {
  writeKey: WriteKey;
  source: Source;
  config: WorkspaceConfig;
  places: Places;
  /** Names of destinations of a type in an event's `integrations` object, the one that people see first. */
  integrationNames: (type: string) => readonly string[];
};
export type SourceSettings = {
  settings: Record<string, unknown>;
  /** What a person must know: a filter that closes its destination, a second instance that is not served. */
  warnings: string[];
};

/** Events in a request of Analytics.js (its own default). */
const BATCH_EVENTS_MAX = 10;
/** How long the first event of a request waits for others: a lone one is here within a second of its page (decision 018; the SDK's default is 5 s). */
const BATCH_WAIT_MS = 500;

/** A destination that the browser feeds, with all that it takes. */
type OnDevice = { mode: DeviceMode; scriptUrl: string; connected: ConnectedDestination };

/**
 * What client libraries ask for before anything else. A disabled source keeps its events coming, to be refused and counted, but no tool is fed by the
 * browser. Pure.
 */
export function sourceSettings(input: SettingsInput): SourceSettings {
  const { source, config, places } = input;
  const connected = config.destinations
    .filter(({ destination }) => destination.sourceId === source.id && destination.enabled)
    .toSorted((a, b) => (a.destination.id < b.destination.id ? -1 : 1));
  const warnings: string[] = [];
  const onDevice = source.enabled ? onDeviceOf(connected, places, warnings) : [];
  const idsOnDevice = new Set(onDevice.map((each) => each.connected.destination.id));
  const rules = onDevice.flatMap((each) => rulesOf(each, warnings));
  const schema = config.schemas?.find(({ sourceId }) => sourceId === source.id);
  const nameById = new Map<DestinationId, string>(
    onDevice.map(({ mode, connected: { destination } }) => [destination.id, mode.name]),
  );
  const settings = {
    integrations: {
      // A second key beside Segment.io makes Analytics.js heed the plan, and costs each page a request: there is one only for tools on the device.
      ...Object.fromEntries(onDevice.map((each) => [each.mode.name, integrationOf(each)])),
      'Segment.io': segmentOf(input, connected, onDevice, idsOnDevice),
    },
    plan: planOf(schema, nameById),
    edgeFunction: {},
    middlewareSettings: { routingRules: rules },
    enabledMiddleware: {},
    // Without a host of ours Analytics.js reports errors of tools to Segment.
    metrics: { host: apiHostOf(places), sampleRate: 0 },
    legacyVideoPluginsEnabled: false,
    remotePlugins: onDevice.map(remotePluginOf),
    ...consentOf(connected),
  };
  return { settings, warnings };
}

function onDeviceOf(
  connected: readonly ConnectedDestination[],
  { cdnUrl, deviceScripts }: Places,
  warnings: string[],
): OnDevice[] {
  const found = new Map<string, OnDevice>();
  for (const each of connected) {
    const { id, type, connectionMode } = each.destination;
    const mode = findDeviceMode(type);
    if (connectionMode !== 'device' || mode === undefined) continue;
    const path = Object.hasOwn(deviceScripts, type) ? deviceScripts[type] : undefined;
    if (path === undefined) warnings.push(`destination ${id}: there is no script for ${type}`);
    // B08: one device-mode instance of a type for each source. Names are all that the client tells them apart by.
    else if (found.has(type)) warnings.push(`destination ${id}: another of its type is on the device already`);
    else found.set(type, { mode, scriptUrl: `${cdnUrl}${path}`, connected: each });
  }
  return [...found.values()];
}

function rulesOf({ mode, connected }: OnDevice, warnings: string[]): RoutingRule[] {
  const found = routingRuleOf(mode.name, connected.filters ?? []);
  if (found.outcome === 'none') return [];
  if (found.outcome === 'closed') {
    warnings.push(`destination ${connected.destination.id} gets nothing from browsers: ${found.because}`);
  }
  return [found.rule];
}

/** No `type` and no `versionSettings`: with those it would be looked for among the classic, bundled ones. */
const integrationOf = ({ connected: { destination } }: OnDevice) => ({
  bundlingStatus: 'bundled',
  ...(destination.consentCategories.length > 0 && {
    consentSettings: { categories: destination.consentCategories },
  }),
});

function segmentOf(
  { writeKey, source, places, integrationNames }: SettingsInput,
  connected: readonly ConnectedDestination[],
  onDevice: readonly OnDevice[],
  idsOnDevice: ReadonlySet<string>,
) {
  const { protocol } = new URL(places.trackingUrl);
  const inCloud = connected.flatMap(({ destination }) =>
    idsOnDevice.has(destination.id) ? [] : integrationNames(destination.type).slice(0, 1),
  );
  return {
    apiKey: writeKey,
    apiHost: apiHostOf(places),
    ...(protocol === 'http:' && { protocol: 'http' }),
    ...(source.batching && {
      deliveryStrategy: {
        strategy: 'batching',
        // Kept alive: a batch that is on its way when the page goes arrives all the same.
        config: { size: BATCH_EVENTS_MAX, timeout: BATCH_WAIT_MS, keepalive: true },
      },
    }),
    retryQueue: true,
    addBundledMetadata: true,
    unbundledIntegrations: [...new Set(inCloud)].toSorted(),
    maybeBundledConfigIds: Object.fromEntries(
      onDevice.map(({ mode, connected: { destination } }) => [mode.name, [destination.id]]),
    ),
  };
}

function remotePluginOf({ mode, scriptUrl, connected: { destination, mappings } }: OnDevice) {
  const settings = mode.settings.flatMap((key): [string, Json][] => {
    const value = own(destination.settings, key);
    return value === undefined ? [] : [[key, value]];
  });
  return {
    name: mode.name,
    creationName: mode.name,
    libraryName: mode.libraryName,
    url: scriptUrl,
    settings: {
      ...Object.fromEntries(settings),
      versionSettings: { componentTypes: [] },
      subscriptions: mappings
        .filter(({ enabled }) => enabled)
        .toSorted((a, b) => (a.id < b.id ? -1 : 1))
        .map(({ id, name, action, trigger, fields }) => ({
          id,
          name,
          enabled: true,
          partnerAction: action,
          subscribe: trigger,
          mapping: fields,
        })),
    },
  };
}

/** Left out where no destination asks for consent: a wrapper that finds none asks nobody. */
function consentOf(connected: readonly ConnectedDestination[]) {
  const categories = new Set(connected.flatMap(({ destination }) => destination.consentCategories));
  if (categories.size === 0) return {};
  return {
    consentSettings: {
      allCategories: [...categories].toSorted(),
      hasUnmappedDestinations: connected.some(({ destination }) => destination.consentCategories.length === 0),
    },
  };
}

/** As client libraries want it: without scheme, with the path. */
const apiHostOf = ({ trackingUrl }: Places): string => `${new URL(trackingUrl).host}/v1`;
