import { intoRegulations, readUserIds } from '../../../../cli/suppress/read-user-ids.ts';
import { listHistory, listSuppressed, regulate, type SuppressDeps } from '../../../../cli/suppress/regulate.ts';
import { WorkspaceId } from '../../../../shared/domain/ids.ts';
import {
  type Regulation,
  REGULATION_BYTES_MAX,
  USER_ID_CHARS_MAX,
  USERS_PER_REGULATION_MAX,
} from '../../../../shared/domain/suppression.ts';
import { aRegulation } from '../../../builders/regulation.ts';

/** A list in memory, with everything that was asked of it. */
function setUp(history: Regulation[] = []) {
  const users = new Set<string>();
  const saved: Regulation[] = [];
  const printed: string[] = [];
  let ids = 0;
  const deps: SuppressDeps = {
    suppressions: {
      regulate: async (regulation) => {
        saved.push(regulation);
        const before = users.size;
        for (const userId of regulation.userIds) {
          if (regulation.type === 'SUPPRESS_ONLY') users.add(userId);
          else users.delete(userId);
        }
        return { changed: Math.abs(users.size - before), suppressed: users.size };
      },
      suppressed: async () => users,
      listRegulations: async (_id, { before = 3, limit }) => ({
        regulations: history.slice(0, limit),
        next: before - 1,
      }),
    },
    workspaceId: WorkspaceId.parse('ws_1'),
    by: 'cli: ada',
    now: () => new Date('2026-11-24T10:15:00.000Z'),
    newId: () => `${(ids += 1)}`,
    print: (line) => printed.push(line),
    note: (line) => printed.push(line),
    command: 'suppress',
  };
  return { deps, users, saved, printed };
}

test.each([
  ['typed', ['a', 'b', 'a'], undefined, ['a', 'b']],
  ['of a file, whatever ends its lines', [], 'a\r\nb\n\nc', ['a', 'b', 'c']],
  ['of both', ['a'], 'b\na\n', ['a', 'b']],
  ['with spaces, which are part of an id', [], ' a\nb \n', [' a', 'b ']],
])('userIds %s are taken once each', (_case, typed, file, expected) => {
  expect(readUserIds(typed, file)).toEqual(expected);
});

test.each([
  ['none at all', [], undefined, /^Say which users/],
  ['an empty file', [], '\n\n', /^Say which users/],
  ['an empty id', [''], undefined, /^A userId has 1 to 32768 characters/],
  ['one that no event can carry', [], 'x'.repeat(USER_ID_CHARS_MAX + 1), /^A userId has 1 to 32768 characters/],
])('%s is refused in one sentence', (_case, typed, file, sentence) => {
  expect(() => readUserIds(typed, file)).toThrow(sentence);
});

test('many users make several regulations, each within its bounds, in their order', () => {
  const short = Array.from({ length: 2 * USERS_PER_REGULATION_MAX + 1 }, (_, n) => `user-${n}`);
  expect(intoRegulations(short).map(({ length }) => length)).toEqual([5_000, 5_000, 1]);
  expect(intoRegulations(short).flat()).toEqual(short);
  const long = Array.from({ length: 200 }, (_, n) => `${n}-`.padEnd(USER_ID_CHARS_MAX, 'ü'));
  const bytes = (ids: string[]) => ids.reduce((sum, id) => sum + Buffer.byteLength(JSON.stringify(id)) + 1, 0);
  expect(intoRegulations(long).flat()).toEqual(long);
  expect(Math.max(...intoRegulations(long).map(bytes))).toBeLessThanOrEqual(REGULATION_BYTES_MAX);
  expect(intoRegulations([])).toEqual([]);
});

test('a change says what it changed, by whom, and when it is in force', async () => {
  const { deps, saved, printed } = setUp();
  await regulate(deps, 'SUPPRESS_ONLY', ['u1', 'u2']);
  await regulate(deps, 'SUPPRESS_ONLY', ['u2', 'u3']);
  await regulate(deps, 'UNSUPPRESS', ['u1']);
  expect(saved[0]).toEqual(aRegulation({ userIds: ['u1', 'u2'] }));
  expect(printed.filter((line) => !line.startsWith('In force'))).toEqual([
    'reg_1: SUPPRESS_ONLY of 2 users',
    '2 users suppressed; 2 in all now.',
    'reg_3: SUPPRESS_ONLY of 2 users',
    '1 user suppressed, 1 was so before; 3 in all now.',
    'reg_5: UNSUPPRESS of 1 user',
    '1 user no more suppressed; 2 in all now.',
  ]);
  expect(printed.filter((line) => line.startsWith('In force within 4 s'))).toHaveLength(3);
});

test('the list and the history say how to go on, and show no text that moves the cursor', async () => {
  const history = [
    aRegulation({ id: 'reg_2', userIds: ['a', 'b', 'c', 'd'] }),
    aRegulation({ type: 'UNSUPPRESS', userIds: ['\u001b[2J'] }),
  ];
  const { deps, users, printed } = setUp(history);
  for (const userId of ['u2', '\u001b[2Ju1', 'u3']) users.add(userId);
  await listSuppressed(deps, { after: undefined, limit: 2 });
  expect(printed).toEqual(['\u{fffd}[2Ju1', 'u2', '\n3 in all; the next: suppress list --after "u2"']);
  printed.length = 0;
  await listSuppressed(deps, { after: undefined, limit: 3, isForFile: true });
  expect(printed).toEqual(['\u001b[2Ju1', 'u2', 'u3']);
  printed.length = 0;
  await listHistory(deps, { before: undefined, limit: 2 });
  expect(printed).toEqual([
    'saved                     type           users  userIds     by        id',
    '2026-11-24T10:15:00.000Z  SUPPRESS_ONLY      4  a, b, c, …  cli: ada  reg_2',
    '2026-11-24T10:15:00.000Z  UNSUPPRESS         1  \u{fffd}[2J        cli: ada  reg_1',
    '\nOlder ones: suppress history --before 2',
  ]);
});

test('the byte order mark of a file is no part of its first userId, and text that is not UTF-8 is refused', () => {
  expect(readUserIds([], '\u{feff}ada\nbo\n')).toEqual(['ada', 'bo']);
  expect(() => readUserIds([], 'Jos\u{fffd}')).toThrow('not UTF-8');
});
