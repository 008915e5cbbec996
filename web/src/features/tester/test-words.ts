import type { DataOf } from '../../api/calls.ts';
import type { Tone } from '../../ui/state.ts';
import { codeWords } from '../delivery/code-words.ts';

export type Test = DataOf<'testDestination'>;
export type Try = Test['subscriptions'][number];
export type TestStage = Test['stages'][number];

/** What each stage asks, in words. */
export const STAGE_WORDS: Readonly<Record<TestStage['stage'], string>> = {
  validate: 'Is an event of the spec',
  suppression: 'User is not suppressed',
  'source-schema': 'Source’s schema lets it pass',
  'supported-type': 'Tool takes this call',
  'device-mode': 'Not sent by the browser already',
  'integrations-object': 'Its integrations object lets it pass',
  'schema-filter': 'Schema sends it to this destination',
  consent: 'Person has consented',
  'device-only': 'Tool takes events from servers',
  filters: 'Filters of the destination',
  mappings: 'A mapping wants it',
};

export const VERDICT_WORDS: Readonly<Record<TestStage['verdict'], string>> = {
  PASSED: 'Passed',
  STOPPED: 'Stopped here',
  SKIPPED: 'Not asked',
  NOT_REACHED: 'Not reached',
};

export const OUTCOMES: Readonly<Record<Try['outcome'], { word: string; tone: Tone }>> = {
  DELIVERED: { word: 'Delivered', tone: 'good' },
  WOULD_SEND: { word: 'Would send', tone: 'good' },
  DISCARDED: { word: 'Refused', tone: 'bad' },
  FAILED: { word: 'Failed', tone: 'bad' },
  FILTERED: { word: 'Kept back', tone: 'neutral' },
  NOT_TRIED: { word: 'Not tried', tone: 'warn' },
};

/** What became of a test, in a sentence, and how good that is. */
export function headline(test: Test): { text: string; tone: Tone } {
  const { matched, mappings, filtered, subscriptions, dryRun } = test;
  const stopped = test.stages.find(({ verdict }) => verdict === 'STOPPED');
  if (stopped !== undefined && matched === 0) {
    return { text: `Not sent: ${lower(codeWords(stopped.reason ?? filtered ?? 'stopped'))}`, tone: 'warn' };
  }
  const of = `${matched} of ${mappings} ${mappings === 1 ? 'mapping' : 'mappings'} matched`;
  const bad = subscriptions.filter(({ outcome }) => outcome === 'FAILED' || outcome === 'DISCARDED').length;
  if (bad > 0) return { text: `${of}, ${bad} failed`, tone: 'bad' };
  if (matched === 0) return { text: of, tone: 'warn' };
  return {
    text: dryRun
      ? `${of}: ${matched === 1 ? 'it' : 'they'} would send`
      : `${of}: ${matched === 1 ? '' : 'all '}delivered`,
    tone: 'good',
  };
}

const lower = (words: string): string =>
  /^[A-Z][a-z]/.test(words) ? words.charAt(0).toLowerCase() + words.slice(1) : words;
