import { lightHints } from '../../../../shared/aws/light-hints.ts';
import { ConfigHint, HINT_CHANGES_MAX } from '../../../../shared/domain/config-hint.ts';

const HINT = ConfigHint.parse({
  v: 1,
  workspaceId: 'ws_1',
  configVersion: 4,
  changes: [{ kind: 'SOURCE', id: 'src_1', verb: 'created' }],
});

function setUp(answer: () => Promise<Record<string, unknown>>) {
  const calls: { operation: string; input: Record<string, unknown>; patience: unknown }[] = [];
  const warned: [unknown, string][] = [];
  const hints = lightHints(
    {
      call: async (operation, input, patience) => {
        calls.push({ operation, input, patience });
        return await answer();
      },
    },
    'Tributary-dev',
    (error, workspaceId) => warned.push([error, workspaceId]),
  );
  return { hints, calls, warned };
}
const taken = async () => ({ FailedEntryCount: 0, Entries: [{ EventId: 'e1' }] });

test('a hint is one entry on the bus, as the rule asks for it', async () => {
  const { hints, calls, warned } = setUp(taken);
  await hints.configChanged(HINT);
  expect(calls).toEqual([
    {
      operation: 'PutEvents',
      input: {
        Entries: [
          {
            EventBusName: 'Tributary-dev',
            Source: 'tributary',
            DetailType: 'ConfigurationChanged',
            Detail: JSON.stringify(HINT),
          },
        ],
      },
      patience: { attemptsMax: 2, tryTimeoutMs: 500 },
    },
  ]);
  expect(warned).toEqual([]);
});

test('of many changes the first are named', async () => {
  const { hints, calls } = setUp(taken);
  const changes = Array.from({ length: HINT_CHANGES_MAX + 50 }, (_, index) => ({
    kind: 'SOURCE',
    id: `src_${index}`,
    verb: 'updated' as const,
  }));
  await hints.configChanged({ ...HINT, changes });
  const [entry] = (calls[0]?.input['Entries'] ?? []) as { Detail: string }[];
  expect(ConfigHint.parse(JSON.parse(entry?.Detail ?? '')).changes).toEqual(changes.slice(0, HINT_CHANGES_MAX));
});

test.each<[string, () => Promise<Record<string, unknown>>, string]>([
  ['a bus that is away', () => Promise.reject(new Error('away')), 'away'],
  [
    'an entry that was refused',
    async () => ({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }] }),
    'InternalFailure',
  ],
  ['an answer that is none', async () => ({}), 'FailedEntryCount'],
])('%s fails nobody, and is told once', async (_case, answer, message) => {
  const { hints, warned } = setUp(answer);
  await expect(hints.configChanged(HINT)).resolves.toBeUndefined();
  expect(warned).toEqual([[expect.objectContaining({ message: expect.stringContaining(message) }), 'ws_1']]);
});
