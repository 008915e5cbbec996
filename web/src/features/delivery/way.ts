import type { DataOf } from '../../api/calls.ts';
import { counted } from '../../ui/format.ts';
import { conditionWords, triggerWords } from './condition-words.ts';
import type { Delivery } from './stages.ts';
import type { Destination, Mapping, Source } from './use-destination.ts';

export type Filter = DataOf<'listFiltersFromDestination'>['filters'][number];

/** Something that is asked of an event on its way, in the order in which it is asked. */
export type WayStep = {
  id: string;
  group: 'Source' | 'Before the destination' | 'Filters' | 'Mappings' | 'Delivery';
  title: string;
  /** What is set, in a sentence. */
  text: string;
  state: 'active' | 'idle' | 'off' | 'alert';
  /** What it kept back in the time that is shown; undefined where that is not counted by itself. */
  kept: number | undefined;
  keptUnit: 'events' | 'sends';
  /** Where it is changed: a path below the workspace; undefined where nothing can be. */
  to: string | undefined;
  search?: Readonly<Record<string, string>>;
};

type Facts = {
  source: Source;
  destination: Destination;
  filters: readonly Filter[];
  mappings: readonly Mapping[];
  delivery: Delivery | undefined;
  /** Names that the source's schema blocks, and keeps from this destination; undefined while that is not known. */
  blockedNames: number | undefined;
  withheldNames: number | undefined;
};

/** Everything that is active between a source and a destination, first to last, with what it kept back. */
export const wayOf = (facts: Facts): WayStep[] => [
  ...sourceSteps(facts),
  ...beforeSteps(facts),
  ...filterSteps(facts),
  ...mappingSteps(facts),
  ...deliverySteps(facts),
];

/** How often reasons of a step occurred. */
export function keptBy(delivery: Delivery | undefined, step: string, reasons?: readonly string[]): number | undefined {
  const found = delivery?.steps.find((one) => one.step === step);
  if (found === undefined) return undefined;
  if (reasons === undefined) return found.count;
  return found.discards.filter(({ reason }) => reasons.includes(reason)).reduce((sum, { count }) => sum + count, 0);
}

function sourceSteps({ source, delivery, blockedNames }: Facts): WayStep[] {
  const base = `/sources/${source.id}`;
  const events = { group: 'Source', keptUnit: 'events' } as const;
  const { settings } = source;
  const limits = [
    settings.allowedOrigins.length > 0 && counted(settings.allowedOrigins.length, 'allowed origin'),
    settings.allowedIps.length > 0 && counted(settings.allowedIps.length, 'allowed address', 'allowed addresses'),
    settings.requires === 'oauth' && 'a signed-in sender',
  ].filter((one) => one !== false);
  return [
    {
      ...events,
      id: 'ingest',
      title: source.enabled ? 'Taken in' : 'Source is switched off',
      text: source.enabled
        ? `Up to ${settings.requestsPerSecondMax.toLocaleString('en')} requests a second${limits.length > 0 ? `, from ${limits.join(', ')}` : ', from anywhere that has the write key'}.`
        : 'Nothing is taken in.',
      state: source.enabled ? (limits.length > 0 ? 'active' : 'idle') : 'alert',
      kept: undefined,
      to: `${base}/settings`,
    },
    {
      ...events,
      id: 'valid',
      title: 'Valid event',
      text: 'What is no event of the spec ends here: no id, no name, wrong types, over 32 KB.',
      state: 'active',
      kept: keptBy(delivery, 'FAILED_ON_INGEST'),
      to: `${base}/overview`,
    },
    {
      ...events,
      id: 'duplicate',
      title: 'De-duplication',
      text: `A messageId counts once in ${counted(settings.dedupHours, 'hour')}.`,
      state: 'active',
      kept: keptBy(delivery, 'FILTERED_AT_SOURCE', ['duplicate']),
      to: `${base}/settings`,
    },
    {
      ...events,
      id: 'suppressed',
      title: 'Suppressed users',
      text: 'Nothing of a user on the suppression list goes anywhere.',
      state: 'active',
      kept: keptBy(delivery, 'FILTERED_AT_SOURCE', ['suppressed']),
      to: '/privacy/suppressions',
    },
    {
      ...events,
      id: 'schema',
      title: 'Schema: blocked events',
      text:
        blockedNames === undefined || blockedNames === 0
          ? 'No event is blocked.'
          : `${counted(blockedNames, 'event is', 'events are')} blocked for every destination.`,
      state: blockedNames === undefined || blockedNames === 0 ? 'idle' : 'active',
      kept: keptBy(delivery, 'FILTERED_AT_SOURCE', ['event_setting']),
      to: `${base}/schema`,
    },
  ];
}

function beforeSteps({ source, destination, delivery, withheldNames }: Facts): WayStep[] {
  const base = `/destinations/${destination.id}`;
  const here = { group: 'Before the destination', keptUnit: 'events' } as const;
  const kept = (...reasons: string[]): number | undefined => keptBy(delivery, 'FILTERED_AT_DESTINATION', reasons);
  const categories = destination.consentCategories;
  return [
    {
      ...here,
      id: 'type',
      title: 'Calls that the tool takes',
      text: 'What the tool has no use for is not sent.',
      state: 'active',
      kept: kept('UNSUPPORTED_EVENT_TYPE'),
      to: undefined,
    },
    {
      ...here,
      id: 'mode',
      title: 'Connection mode',
      text:
        destination.connectionMode === 'device'
          ? 'Device mode: browsers send to the tool themselves, so what they have sent is not sent again.'
          : 'Cloud mode: Tributary sends.',
      state: destination.connectionMode === 'device' ? 'active' : 'idle',
      kept: kept('MESSAGE_SENT_CLIENT_SIDE', 'NOT_SENT_CLIENT_SIDE'),
      to: `${base}/settings`,
    },
    {
      ...here,
      id: 'integrations',
      title: 'Integrations object',
      text: 'An event may name who gets it, in its own “integrations”.',
      state: 'active',
      kept: kept('FILTERED_BY_INTEGRATIONS_OBJECT'),
      to: `/sources/${source.id}/debugger`,
    },
    {
      ...here,
      id: 'withheld',
      title: 'Schema: kept from this destination',
      text:
        withheldNames === undefined || withheldNames === 0
          ? 'No event is kept from it.'
          : `${counted(withheldNames, 'event is', 'events are')} kept from it.`,
      state: withheldNames === undefined || withheldNames === 0 ? 'idle' : 'active',
      kept: kept('FILTERED_BY_SCHEMA'),
      to: `/sources/${source.id}/schema`,
      search: { show: 'WITHHELD' },
    },
    {
      ...here,
      id: 'consent',
      title: 'Consent',
      text:
        categories.length === 0
          ? 'It asks for no category of consent.'
          : `A person must have agreed to ${categories.join(', ')}, where the event says anything of consent.`,
      state: categories.length === 0 ? 'idle' : 'active',
      kept: kept('FILTERED_BY_END_USER_CONSENT'),
      to: `${base}/settings`,
    },
  ];
}

const ACTION_WORDS: Readonly<Record<string, string>> = {
  DROP: 'Does not send',
  SAMPLE: 'Sends a share of',
  DROP_PROPERTIES: 'Takes fields out of',
  ALLOW_PROPERTIES: 'Leaves only some fields of',
};

/** What filters of a destination keep back. */
export const FILTER_REASONS = ['FILTERED_BY_RULES', 'FILTERED_BY_SAMPLING', 'INVALID_FILTER'] as const;

function filterSteps({ destination, filters, delivery }: Facts): WayStep[] {
  const base = `/destinations/${destination.id}/filters`;
  const here = { group: 'Filters', keptUnit: 'events' } as const;
  const all = keptBy(delivery, 'FILTERED_AT_DESTINATION', FILTER_REASONS);
  if (filters.length === 0) {
    return [
      {
        ...here,
        id: 'no-filters',
        title: 'No filters',
        text: 'Every event goes on.',
        state: 'idle',
        kept: all,
        to: base,
      },
    ];
  }
  const keepers = filters.filter(({ enabled, actions }) => enabled && actions.some(({ type }) => KEEPING.has(type)));
  return filters.map((filter) => {
    const actions = filter.actions.map(({ type }) => ACTION_WORDS[type] ?? type).join(', ');
    const alone = keepers.length === 1 && keepers[0] === filter;
    return {
      ...here,
      id: filter.id,
      title: filter.title,
      text: `${actions}: ${conditionWords(filter.if)}`,
      state: filter.enabled ? 'active' : 'off',
      // Books count what filters dropped together: one alone has all of it, and one that only takes fields out has none.
      kept: alone ? all : filter.enabled && keepers.includes(filter) ? undefined : 0,
      to: `${base}/${filter.id}`,
    };
  });
}

/** Actions that keep an event back; others change it. */
const KEEPING = new Set(['DROP', 'SAMPLE']);

function mappingSteps({ destination, mappings, delivery }: Facts): WayStep[] {
  const base = `/destinations/${destination.id}/mappings`;
  const here = { group: 'Mappings', keptUnit: 'events' } as const;
  const unmatched: WayStep = {
    ...here,
    id: 'unmatched',
    title: 'No mapping wants it',
    text: mappings.some(({ enabled }) => enabled)
      ? 'What none of these triggers chooses is not sent.'
      : 'No mapping is switched on, so nothing is sent.',
    state: mappings.some(({ enabled }) => enabled) ? 'active' : 'alert',
    kept: keptBy(delivery, 'FILTERED_AT_DESTINATION', ['NO_MATCHING_MAPPING', 'INVALID_TRIGGER']),
    to: base,
  };
  const each = mappings.map(
    (mapping): WayStep => ({
      ...here,
      id: mapping.id,
      title: mapping.name,
      text: `${mapping.actionSlug}: ${triggerWords(mapping.trigger)}`,
      state: mapping.enabled ? 'active' : 'off',
      kept: undefined,
      to: `${base}/${mapping.id}`,
    }),
  );
  return [...each, unmatched];
}

function deliverySteps({ destination, delivery }: Facts): WayStep[] {
  const base = `/destinations/${destination.id}`;
  const here = { group: 'Delivery', keptUnit: 'sends' } as const;
  const steps: WayStep[] = [
    {
      ...here,
      id: 'enabled',
      title: destination.enabled ? 'Enabled' : 'Switched off',
      text: destination.enabled
        ? destination.lane === undefined
          ? 'It shares its lane with others.'
          : `It has lane ${destination.lane} to itself: no other tool holds it up.`
        : 'Nothing is sent. What waits is kept.',
      state: destination.enabled ? 'active' : 'alert',
      kept: keptBy(delivery, 'FAILED_DELIVERY', ['destination_disabled']),
      to: `${base}/settings`,
    },
    {
      ...here,
      id: 'retries',
      title: 'Retries',
      text: `What the tool does not take for the moment is tried again for ${counted(destination.retryWindowHours, 'hour')}; a tool that fails on most calls is left alone between probes.`,
      state: 'active',
      kept: keptBy(delivery, 'FAILED_DELIVERY'),
      to: `${base}/settings`,
    },
  ];
  const { paused, rehearsal } = destination;
  return [
    ...(paused === undefined
      ? []
      : [
          {
            ...here,
            id: 'paused',
            title: 'Paused',
            text:
              paused.by === 'hand'
                ? 'Somebody paused it: what comes is kept.'
                : 'It failed for five days and paused itself: what comes is kept.',
            state: 'alert' as const,
            kept: keptBy(delivery, 'FAILED_DELIVERY', ['destination_paused']),
            to: `${base}/settings`,
          },
        ]),
    ...(rehearsal === undefined
      ? []
      : [
          {
            ...here,
            id: 'rehearsal',
            title: 'Outage rehearsed',
            text: `Tributary answers ${rehearsal.status} in the tool’s place, and nothing is sent.`,
            state: 'alert' as const,
            kept: undefined,
            to: `${base}/settings`,
          },
        ]),
    ...steps,
  ];
}
