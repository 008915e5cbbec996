import { adviceFor, hasAdvice } from '../../../../shared/domain/delivery/advice.ts';
import type { AnswerOf } from '../../../../shared/api/operation.ts';
import type { Handled } from '../../../../shared/api/operations.ts';
import type { Tone } from '../../ui/state.ts';
import { causeOf } from './causes.ts';

export type Trace = AnswerOf<Handled['getEventTrace']>;
export type TraceTarget = Trace['destinations'][number];
export type TraceSend = TraceTarget['sends'][number];

/** How something ended: `sentence` names outcome and cause, `word` stands on its chip. `code`: what there may be advice for. */
export type Outcome = { tone: Tone; word: string; sentence: string; code: string | null };

/** What can be done about a code that there are words for. */
export const adviceOf = (code: string | null): string | undefined =>
  code !== null && (hasAdvice(code) || /^\d{3}$/.test(code)) ? adviceFor(code) : undefined;

/** The name of a destination in sentences. Names are people's text, and long ones are cut. */
const NAME_CHARS_MAX = 60;
export const nameOf = ({ name, destinationId }: Pick<TraceTarget, 'name' | 'destinationId'>): string => {
  const shown = name ?? `a destination that is gone (${destinationId})`;
  return shown.length > NAME_CHARS_MAX ? `${shown.slice(0, NAME_CHARS_MAX)}…` : shown;
};

const withCause = (start: string, cause: string | undefined): string =>
  cause === undefined ? start : `${start}: ${cause}`;

/** What became of an event at one destination. `filter`: the name of the one that decided, where it is known. */
export function outcomeAt(target: TraceTarget, filter?: string): Outcome {
  const name = nameOf(target);
  if (target.verdict === 'UNKNOWN') {
    return {
      tone: 'neutral',
      word: 'Unknown',
      sentence: `What became of it at ${name} is no longer known`,
      code: null,
    };
  }
  if (target.verdict === 'FILTERED') {
    const code = target.reason;
    if (code === 'NO_MATCHING_MAPPING') {
      return { tone: 'neutral', word: 'Not sent', sentence: `No mapping of ${name} matches it`, code };
    }
    const cause = filter === undefined ? causeOf(code) : causeByFilter(code, filter);
    const tone = code === 'INVALID_FILTER' || code === 'INVALID_TRIGGER' ? 'bad' : 'neutral';
    return { tone, word: 'Not sent', sentence: withCause(`Not sent to ${name}`, cause), code };
  }
  const worst = target.sends
    .map((send) => ofSend(send, name))
    .toSorted((a, b) => RANK[a.tone] - RANK[b.tone])
    .at(0);
  return worst ?? { tone: 'info', word: 'On its way', sentence: `On its way to ${name}`, code: null };
}

/** The worst first. */
const RANK: Readonly<Record<Tone, number>> = { bad: 0, warn: 1, info: 2, neutral: 3, good: 4 };

function causeByFilter(code: string | null, filter: string): string {
  if (code === 'FILTERED_BY_SAMPLING') return `filter “${filter}” lets only a share of such events through`;
  if (code === 'INVALID_FILTER') return `filter “${filter}” cannot be read, so that nothing passes`;
  return `filter “${filter}” dropped it`;
}

function ofSend(send: TraceSend, name: string): Outcome {
  const last = send.tries.at(-1);
  const code = send.code ?? last?.code ?? null;
  const cause = causeOf(code);
  switch (send.state) {
    case 'DELIVERED': {
      const tries = send.tries.length;
      const how = tries > 1 ? ` at try ${tries}` : '';
      return { tone: 'good', word: 'Delivered', sentence: `Delivered to ${name}${how}`, code: null };
    }
    case 'DISCARDED':
      return { tone: 'bad', word: 'Refused', sentence: withCause(`Refused by ${name}`, cause), code };
    case 'DEAD_LETTERED':
      return { tone: 'bad', word: 'Failed', sentence: withCause(`Could not be delivered to ${name}`, cause), code };
    case 'WAITING':
      return {
        tone: 'warn',
        word: 'Retrying',
        sentence: withCause(`Waiting to be sent to ${name} again`, cause),
        code,
      };
    case 'FILTERED':
      return { tone: 'neutral', word: 'Not sent', sentence: withCause(`Not sent to ${name}`, cause), code };
    case 'IN_FLIGHT':
      return { tone: 'info', word: 'On its way', sentence: `On its way to ${name}`, code: null };
    case 'UNKNOWN':
    default:
      return {
        tone: 'neutral',
        word: 'Unknown',
        sentence: `What became of it at ${name} is no longer known`,
        code: null,
      };
  }
}

/** What became of an event at its source; undefined where it went on. */
export function outcomeAtSource({
  verdict,
  reason,
  gaps,
}: Pick<Trace, 'verdict' | 'reason' | 'gaps'>): Outcome | undefined {
  const cause = causeOf(reason);
  switch (verdict) {
    case 'ALLOWED':
      return undefined;
    case 'BLOCKED':
      return { tone: 'warn', word: 'Blocked', sentence: withCause('Blocked at its source', cause), code: reason };
    case 'INVALID':
      return { tone: 'bad', word: 'Invalid', sentence: withCause('Not taken', cause), code: reason };
    case 'DUPLICATE':
      return {
        tone: 'neutral',
        word: 'Duplicate',
        sentence: 'Left out as a duplicate: an event with the same id came before',
        code: 'duplicate',
      };
    case 'SUPPRESSED':
      return {
        tone: 'neutral',
        word: 'Suppressed',
        sentence: 'Sent nowhere: its user is suppressed',
        code: 'suppressed',
      };
    case 'UNKNOWN':
    default: {
      const isAwaited = gaps.some(({ what }) => what === 'plan');
      const sentence = isAwaited ? 'Received, and not routed yet' : 'What became of it is no longer known';
      return { tone: 'info', word: isAwaited ? 'On its way' : 'Unknown', sentence, code: null };
    }
  }
}

/** The outcome of the whole event, the worst of its destinations first; `rest` says how the others fared. */
export function outcomeOf(trace: Trace, filters: ReadonlyMap<string, string> = new Map()): Outcome & { rest?: string } {
  const atSource = outcomeAtSource(trace);
  if (atSource !== undefined) return atSource;
  const all = trace.destinations.map((target) => outcomeAt(target, filters.get(target.destinationId)));
  const [first] = all.toSorted((a, b) => RANK[a.tone] - RANK[b.tone]);
  if (first === undefined) {
    const isHidden = trace.gaps.some(({ what }) => what === 'destinations');
    return {
      tone: 'neutral',
      word: isHidden ? 'Allowed' : 'Goes nowhere',
      sentence: isHidden ? 'Allowed at its source' : 'Sent nowhere: its source has no destination that is switched on',
      code: null,
    };
  }
  const delivered = all.filter(({ tone }) => tone === 'good').length;
  if (delivered === all.length) {
    const sentence = all.length === 1 ? first.sentence : `Delivered to all ${all.length} destinations`;
    return { ...first, sentence };
  }
  return all.length === 1 ? first : { ...first, rest: restText(all, first) };
}

/** "Delivered to 2 of 5 destinations, 1 more failed": what the sentence of the worst does not say. */
function restText(all: readonly Outcome[], first: Outcome): string {
  const count = (tone: Tone): number => all.filter((one) => one.tone === tone && one !== first).length;
  const parts = [`Delivered to ${count('good')} of ${all.length} destinations`];
  if (count('bad') > 0) parts.push(`${count('bad')} more failed`);
  if (count('warn') > 0) parts.push(`${count('warn')} waiting to be tried again`);
  if (count('info') > 0) parts.push(`${count('info')} on the way`);
  if (count('neutral') > 0)
    parts.push(`${count('neutral')} ${first.tone === 'neutral' ? 'more ' : ''}not meant to get it`);
  return parts.join(', ');
}
