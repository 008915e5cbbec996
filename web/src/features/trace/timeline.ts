import { counted } from '../../ui/format.ts';
import type { Tone } from '../../ui/state.ts';
import { causeOf } from './causes.ts';
import { adviceOf, type Outcome, outcomeAtSource, type Trace, type TraceSend, type TraceTarget } from './outcome.ts';

/** One point on the way of an event. `pending`: it was not reached. */
export type Step = {
  id: string;
  title: string;
  tone: Tone | 'pending';
  /** What it did, or why it ended here. */
  detail?: string;
  advice?: string;
  /** When it was over. */
  at?: string;
  tookMs?: number;
  /** Where what decided is changed. */
  link?: { path: string; label: string; search?: Record<string, string> };
  /** Which try of which send, for what was exchanged. */
  exchange?: { subscriptionId: string; hop: number };
};

/** From the request to the source's last word. */
export function sourceSteps(trace: Trace): Step[] {
  const { verdict, reason, receivedAt, plannedAt, sourceId, stages } = trace;
  const stopped = outcomeAtSource(trace);
  const end = (id: string, title: string, link?: Step['link']): Step => ({
    id,
    title,
    tone: stopped?.tone ?? 'neutral',
    detail: causeOf(reason) ?? stopped?.sentence ?? '',
    ...withAdvice(stopped),
    ...(link !== undefined && { link }),
  });
  const steps: Step[] = [{ id: 'received', title: 'Received', tone: 'good', at: receivedAt }];
  if (verdict === 'UNKNOWN') return [...steps, { id: 'unknown', title: stopped?.sentence ?? '', tone: 'info' }];
  if (verdict === 'INVALID') return [...steps, end('validated', 'Not valid')];
  const changed = stages.find(({ stage }) => stage === 'NORMALISED')?.changes.changes.length ?? 0;
  steps.push({
    id: 'validated',
    title: 'Validated',
    tone: 'good',
    ...(changed > 0 && { detail: `${counted(changed, 'field')} completed or put right` }),
    ...(plannedAt !== null && { tookMs: Math.max(0, Date.parse(plannedAt) - Date.parse(receivedAt)) }),
  });
  if (verdict === 'DUPLICATE') return [...steps, end('duplicate', 'Duplicate')];
  steps.push({ id: 'duplicate', title: 'No duplicate', tone: 'good' });
  if (verdict === 'SUPPRESSED') {
    return [...steps, end('privacy', 'User suppressed', { path: 'privacy/suppressions', label: 'Suppressed users' })];
  }
  steps.push({ id: 'privacy', title: 'User not suppressed', tone: 'good' });
  const schema = { path: `sources/${sourceId}/schema`, label: 'Schema' };
  if (verdict === 'BLOCKED') {
    return [...steps, end('schema', 'Blocked', reason === 'source_deleted' ? undefined : schema)];
  }
  const taken = stages.find(({ stage }) => stage === 'SCHEMA')?.changes.changes.length ?? 0;
  return [
    ...steps,
    {
      id: 'schema',
      title: 'Source schema',
      tone: 'good',
      detail: taken > 0 ? `${counted(taken, 'blocked trait')} taken out` : 'lets it pass',
      ...(taken > 0 && { link: schema }),
    },
  ];
}

const withAdvice = (outcome: Outcome | undefined): { advice?: string } => {
  const advice = adviceOf(outcome?.code ?? null);
  return advice === undefined ? {} : { advice };
};

/** Where an event ended before it was sent: the step's title, and where that is changed. */
const STOPS: Readonly<Record<string, { title: string; page: 'filters' | 'mappings' | 'settings' | 'schema' }>> = {
  UNSUPPORTED_EVENT_TYPE: { title: 'Call type', page: 'mappings' },
  MESSAGE_SENT_CLIENT_SIDE: { title: 'Connection mode', page: 'settings' },
  NOT_SENT_CLIENT_SIDE: { title: 'Connection mode', page: 'settings' },
  FILTERED_BY_INTEGRATIONS_OBJECT: { title: 'Integrations object', page: 'settings' },
  FILTERED_BY_SCHEMA: { title: 'Source schema', page: 'schema' },
  FILTERED_BY_END_USER_CONSENT: { title: 'Consent', page: 'settings' },
  FILTERED_BY_RULES: { title: 'Filters', page: 'filters' },
  FILTERED_BY_SAMPLING: { title: 'Filters', page: 'filters' },
  INVALID_FILTER: { title: 'Filters', page: 'filters' },
  NO_MATCHING_MAPPING: { title: 'Mappings', page: 'mappings' },
  INVALID_TRIGGER: { title: 'Mappings', page: 'mappings' },
};
const PAGES = { filters: 'Filters', mappings: 'Mappings', settings: 'Settings', schema: 'Schema' } as const;

/** From the rules of a destination to the last try of each mapping. */
export function targetSteps(
  target: TraceTarget,
  { sourceId }: Pick<Trace, 'sourceId'>,
  filter?: { id: string; title: string },
): Step[] {
  const { destinationId, verdict, reason, sees, sends } = target;
  const place = `destinations/${destinationId}`;
  if (verdict === 'FILTERED') {
    const stop = STOPS[reason ?? ''] ?? { title: 'Rules', page: 'settings' as const };
    const isFilter = stop.page === 'filters' && filter !== undefined;
    const path = stop.page === 'schema' ? `sources/${sourceId}/schema` : `${place}/${stop.page}`;
    const passed: Step[] =
      stop.page === 'mappings' && stop.title === 'Mappings'
        ? [{ id: 'filters', title: 'Filters', tone: 'good', detail: 'let it pass' }]
        : [];
    const advice = adviceOf(reason);
    return [
      ...passed,
      {
        id: 'stop',
        title: isFilter ? `Filter “${filter.title}”` : stop.title,
        tone: reason === 'INVALID_FILTER' || reason === 'INVALID_TRIGGER' ? 'bad' : 'neutral',
        detail: isFilter && reason === 'FILTERED_BY_RULES' ? 'dropped it' : (causeOf(reason) ?? ''),
        ...(advice !== undefined && { advice }),
        link: isFilter
          ? { path: `${place}/filters/${filter.id}`, label: 'Open filter' }
          : { path, label: PAGES[stop.page] },
      },
    ];
  }
  const taken = sees?.changes.length ?? 0;
  const filters: Step = {
    id: 'filters',
    title: 'Filters',
    tone: 'good',
    detail: taken > 0 ? `took out ${counted(taken, 'field')}` : 'let it pass whole',
    ...(taken > 0 && { link: { path: `${place}/filters`, label: 'Filters' } }),
  };
  return [...(sees === null ? [] : [filters]), ...sends.flatMap((send) => sendSteps(send, place))];
}

function sendSteps(send: TraceSend, place: string): Step[] {
  const { subscriptionId, subscriptionName, tries, state, nextTryAt } = send;
  const steps: Step[] = [
    {
      id: subscriptionId,
      title: `Mapping “${subscriptionName ?? 'deleted since'}”`,
      tone: 'good',
      detail: 'matched',
      ...(subscriptionName !== null && {
        link: { path: `${place}/mappings/${subscriptionId}`, label: 'Open mapping' },
      }),
    },
  ];
  for (const [index, one] of tries.entries()) steps.push(tryStep(send, index, one));
  if (state === 'IN_FLIGHT') steps.push({ id: `${subscriptionId} next`, title: 'On its way', tone: 'info' });
  if (state === 'WAITING' && nextTryAt !== null) {
    steps.push({ id: `${subscriptionId} next`, title: `Next try`, tone: 'pending', at: nextTryAt });
  }
  return steps;
}

function tryStep({ subscriptionId, tries }: TraceSend, index: number, one: TraceSend['tries'][number]): Step {
  const { hop, outcome, code, message, settledAt, latencyMs, exchanges } = one;
  const status = exchanges.at(-1)?.status;
  const cause = causeOf(code);
  const advice = index === tries.length - 1 && outcome !== 'DELIVERED' ? adviceOf(code) : undefined;
  const answer = exchanges.at(-1)?.responseBody ?? null;
  const isShort = answer !== null && answer.trim() !== '' && answer.length <= ANSWER_CHARS_MAX;
  const words = outcome === 'DELIVERED' ? undefined : isShort ? `it answered ${answer}` : said(message);
  const details = [outcome === 'DELIVERED' ? (status ?? undefined)?.toString() : cause, words];
  return {
    id: `${subscriptionId} ${hop}`,
    title: outcome === 'NOT_TRIED' ? 'Not tried yet' : `Try ${index + 1}: ${WORDS[outcome]}`,
    tone: TONES[outcome],
    detail: details.filter((part) => part !== undefined).join(' · '),
    at: settledAt,
    ...(latencyMs !== null && { tookMs: latencyMs }),
    ...(advice !== undefined && { advice }),
    ...(exchanges.length > 0 && { exchange: { subscriptionId, hop } }),
  };
}

/** An answer that is no longer than this stands in its line. */
const ANSWER_CHARS_MAX = 160;

const said = (message: string | null): string | undefined =>
  message === null || message === ''
    ? undefined
    : `it said “${message.length > 200 ? `${message.slice(0, 200)}…` : message}”`;

const WORDS = {
  DELIVERED: 'delivered',
  DISCARDED: 'refused',
  DEAD_LETTERED: 'given up',
  FAILED: 'failed',
  NOT_TRIED: 'not tried',
  UNKNOWN: 'no longer known',
} as const;
const TONES = {
  DELIVERED: 'good',
  DISCARDED: 'bad',
  DEAD_LETTERED: 'bad',
  FAILED: 'warn',
  NOT_TRIED: 'neutral',
  UNKNOWN: 'neutral',
} as const;
