import type { Files } from '../../cli/tributary/files/workspace-files.ts';
import { planImport, type PlanInput } from '../../cli/tributary/plan/plan-import.ts';
import type { DestinationType } from '../../cli/tributary/workspace/catalog.ts';
import { KINDS, type KnownDestination, type KnownWorkspace } from '../../cli/tributary/workspace/known.ts';

export const aDestinationType = (over: Partial<DestinationType> = {}): DestinationType => ({
  id: 'aaaaaaaaaaaaaaaaaaaaaa02',
  slug: 'tool',
  name: 'Tool',
  previousNames: [],
  settingKeys: new Set(['apiKey', 'region']),
  secretKeys: new Set(['apiKey']),
  requiredKeys: new Set(),
  actions: [
    { id: 'act-send', slug: 'send', name: 'Send' },
    { id: 'act-other', slug: 'other', name: 'Other' },
  ],
  presets: [{ action: 'send', name: 'All events', trigger: 'type = "track"', fields: {} }],
  ...over,
});

/** A workspace that is as these files say. Of secrets it has those that are named, by `source/name`. */
export function knownWorkspace(files: Files, secrets: Record<string, readonly string[]> = {}): KnownWorkspace {
  let count = 0;
  const known = <T>(list: readonly T[]) => list.map((file) => ({ id: `id_${(count += 1)}`, file }));
  const destinations = known(files.destinations).map((one): KnownDestination => {
    const secretKeys = secrets[`${one.file.source}/${one.file.name}`] ?? [];
    const settings = Object.entries(one.file.settings).filter(([key]) => key !== 'apiKey');
    return {
      ...one,
      file: { ...one.file, settings: Object.fromEntries(settings) },
      secretKeys,
      type: aDestinationType(),
      mappings: known(one.file.mappings),
      filters: known(one.file.filters),
    };
  });
  return {
    workspace: { id: 'ws_1', slug: 'shop', name: 'Shop' },
    kinds: KINDS,
    settings: known(files.settings),
    labels: known(files.labels),
    sources: known(files.sources),
    trackingPlans: known(files.trackingPlans),
    destinations,
    transformations: known(files.transformations),
    groups: known(files.groups),
  };
}

/** A plan for these files, named by kind, against that workspace. */
export const planOf = (files: Files, known: KnownWorkspace, over: Partial<PlanInput> = {}) =>
  planImport({
    files,
    known,
    types: new Map([
      ['tool', aDestinationType()],
      ['inbox', aDestinationType({ slug: 'inbox' })],
    ]),
    sourceTypes: new Set(['javascript', 'node-js']),
    roles: new Set(['Source Admin', 'Source Read-only']),
    env: {},
    writeSecrets: false,
    pathOf: (thing) => String(Reflect.get(thing, 'name') ?? Reflect.get(thing, 'slug') ?? 'file'),
    ...over,
  });
