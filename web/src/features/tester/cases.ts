import { OUTCOMES, type Test } from './test-words.ts';

/** Cases of one destination that this browser keeps, and characters of the event of one: localStorage has some 5 MB for all of the app. */
export const CASES_MAX = 20;
export const CASE_CHARS_MAX = 40_000;
const NAME_CHARS_MAX = 80;
/** Characters of a request's body that are compared: longer ones by their beginning. */
const BODY_CHARS_MAX = 4_000;

/** What of a test counts when it is run again: times and ids of the tool's answer do not. */
export type Expected = {
  stopped: string | undefined;
  tries: readonly { name: string; outcome: string; requests: readonly string[] }[];
};

/** An event with what it came to, to be run again after a change. */
export type Case = {
  id: string;
  name: string;
  event: string;
  mapping?: string | undefined;
  applyFilters: boolean;
  savedAt: string;
  expected: Expected;
};

/** What a test came to, for comparing. */
export function expectedOf(test: Test): Expected {
  return {
    stopped: test.stages.find(({ verdict }) => verdict === 'STOPPED')?.reason ?? test.filtered ?? undefined,
    tries: test.subscriptions.map(({ name, outcome, code, exchanges }) => ({
      name,
      outcome: code === null ? outcome : `${outcome} ${code}`,
      requests: exchanges.map(
        ({ method, url, requestBody }) => `${method} ${url}\n${requestBody.slice(0, BODY_CHARS_MAX)}`,
      ),
    })),
  };
}

/** How a test differs from what it came to when its case was saved, in sentences; none: it is the same. */
export function differencesOf(before: Expected, after: Expected): string[] {
  const said: string[] = [];
  if (before.stopped !== after.stopped) {
    said.push(
      after.stopped === undefined
        ? `It is no longer stopped (${before.stopped}).`
        : before.stopped === undefined
          ? `It is stopped now: ${after.stopped}.`
          : `It is stopped for another reason: ${after.stopped}, not ${before.stopped}.`,
    );
  }
  const then = new Map(before.tries.map((one) => [one.name, one]));
  const now = new Map(after.tries.map((one) => [one.name, one]));
  for (const { name } of before.tries) if (!now.has(name)) said.push(`The mapping “${name}” is gone.`);
  for (const { name, outcome, requests } of after.tries) {
    const old = then.get(name);
    if (old === undefined) said.push(`The mapping “${name}” is new: ${outcomeWords(outcome)}.`);
    else if (sameKind(old.outcome) !== sameKind(outcome))
      said.push(`“${name}”: ${outcomeWords(outcome)}; it was ${outcomeWords(old.outcome)}.`);
    else if (JSON.stringify(old.requests) !== JSON.stringify(requests)) said.push(`“${name}” sends another request.`);
  }
  return said;
}

/** A dry run and a real one that was taken are the same to a case. */
const sameKind = (outcome: string): string => (outcome.startsWith('WOULD_SEND') ? 'DELIVERED' : outcome);

function outcomeWords(outcome: string): string {
  const [kind = '', code] = outcome.split(' ');
  const word = Object.hasOwn(OUTCOMES, kind) ? OUTCOMES[kind as keyof typeof OUTCOMES].word.toLowerCase() : kind;
  return code === undefined ? word : `${word} (${code})`;
}

const keyOf = (destinationId: string): string => `tributary-tester-cases:${destinationId}`;

/** Cases that this browser keeps of a destination; what cannot be read is none. */
export function readCases(storage: Pick<Storage, 'getItem'>, destinationId: string): Case[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(keyOf(destinationId)) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isCase).slice(0, CASES_MAX) : [];
  } catch {
    return [];
  }
}

const isCase = (value: unknown): value is Case =>
  typeof value === 'object' &&
  value !== null &&
  'id' in value &&
  'event' in value &&
  typeof value.event === 'string' &&
  'expected' in value &&
  typeof value.expected === 'object' &&
  value.expected !== null &&
  'tries' in value.expected &&
  Array.isArray(value.expected.tries);

/** Adds a case, the newest first; the oldest goes where there are too many. Says why where it cannot be kept. */
export function withCase(cases: readonly Case[], added: Case): { cases: Case[] } | { fault: string } {
  if (added.event.length > CASE_CHARS_MAX) return { fault: 'This event is too large to be kept as a case.' };
  const name = added.name.trim().slice(0, NAME_CHARS_MAX);
  if (name === '') return { fault: 'Give the case a name.' };
  const others = cases.filter((one) => one.id !== added.id);
  return { cases: [{ ...added, name }, ...others].slice(0, CASES_MAX) };
}

/** Keeps them; false where the browser has no room. */
export function writeCases(storage: Pick<Storage, 'setItem'>, destinationId: string, cases: readonly Case[]): boolean {
  try {
    storage.setItem(keyOf(destinationId), JSON.stringify(cases));
    return true;
  } catch {
    return false;
  }
}
