import {
  CASE_CHARS_MAX,
  CASES_MAX,
  type Case,
  differencesOf,
  type Expected,
  readCases,
  withCase,
  writeCases,
} from '../../../../../web/src/features/tester/cases.ts';

const EXPECTED: Expected = {
  stopped: undefined,
  tries: [
    { name: 'Orders', outcome: 'WOULD_SEND', requests: ['POST https://a\n{"total":1}'] },
    { name: 'People', outcome: 'FILTERED', requests: [] },
  ],
};
const aCase = (more: Partial<Case> = {}): Case => ({
  id: 'one',
  name: 'An order',
  event: '{"type":"track"}',
  applyFilters: true,
  savedAt: '2026-11-27T10:00:00.000Z',
  expected: EXPECTED,
  ...more,
});
const aStorage = (text: string | null = null) => {
  const kept = new Map<string, string>(text === null ? [] : [['tributary-tester-cases:dst', text]]);
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
};

test('what comes to the same has no differences, be it dry or taken by the tool', () => {
  const taken = EXPECTED.tries.map((one) => (one.name === 'Orders' ? { ...one, outcome: 'DELIVERED' } : one));
  expect(differencesOf(EXPECTED, EXPECTED)).toEqual([]);
  expect(differencesOf(EXPECTED, { ...EXPECTED, tries: taken })).toEqual([]);
});

test('every other thing is told in a sentence', () => {
  const after: Expected = {
    stopped: 'FILTERED_BY_RULES',
    tries: [
      { name: 'Orders', outcome: 'FAILED 500', requests: [] },
      { name: 'Carts', outcome: 'WOULD_SEND', requests: [] },
    ],
  };
  expect(differencesOf(EXPECTED, after)).toEqual([
    'It is stopped now: FILTERED_BY_RULES.',
    'The mapping “People” is gone.',
    '“Orders”: failed (500); it was would send.',
    'The mapping “Carts” is new: would send.',
  ]);
  const [orders, people] = EXPECTED.tries;
  const other = { ...EXPECTED, tries: [{ ...orders, requests: ['POST https://b\n'] }, people] } as Expected;
  expect(differencesOf(EXPECTED, other)).toEqual(['“Orders” sends another request.']);
});

test('cases are kept and read, the newest first, and bounded', () => {
  const storage = aStorage();
  let cases: Case[] = [];
  for (let index = 0; index < CASES_MAX + 3; index++) {
    const added = withCase(cases, aCase({ id: String(index), name: `Case ${index}` }));
    if ('fault' in added) throw new Error(added.fault);
    ({ cases } = added);
  }
  expect(writeCases(storage, 'dst', cases)).toBe(true);
  const read = readCases(storage, 'dst');
  expect(read).toHaveLength(CASES_MAX);
  expect(read[0]?.name).toBe(`Case ${CASES_MAX + 2}`);
});

test.each(['not JSON', '{"a":1}', '[1,null,{"id":"x"}]'])('what is no list of cases is none: %s', (text) => {
  expect(readCases(aStorage(text), 'dst')).toEqual([]);
});

test('a case without a name, one too large, and a full browser are refused', () => {
  expect(withCase([], aCase({ name: '  ' }))).toEqual({ fault: 'Give the case a name.' });
  expect(withCase([], aCase({ event: 'x'.repeat(CASE_CHARS_MAX + 1) }))).toHaveProperty('fault');
  const full = {
    setItem: () => {
      throw new Error('QuotaExceededError');
    },
  };
  expect(writeCases(full, 'dst', [aCase()])).toBe(false);
});
