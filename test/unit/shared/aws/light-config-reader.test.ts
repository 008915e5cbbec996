import { lightConfigReader } from '../../../../shared/aws/light-config-reader.ts';
import { WorkspaceId } from '../../../../shared/domain/ids.ts';
import { aFilter } from '../../../builders/device-mode.ts';
import { aDestination, aSource } from '../../../builders/workspace-things.ts';

const WORKSPACE = WorkspaceId.parse('ws_1');
const item = (sk: string, value: unknown) => ({
  pk: { S: 'WS#ws_1' },
  sk: { S: sk },
  data: { S: JSON.stringify(value) },
});

/** A table that answers in pages of two, and says what it was asked. */
function aTable(version = 7) {
  const state = { version, calls: [] as string[] };
  const items = () => [
    { pk: { S: 'WS#ws_1' }, sk: { S: 'CFG#!version' }, configVersion: { N: String(state.version) } },
    item('CFG#DST#dst_braze', aDestination({ id: 'dst_braze' })),
    item('CFG#FLT#dst_braze#flt_1', aFilter()),
    item('CFG#SRC#src_1', aSource()),
  ];
  const call = async (operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> => {
    state.calls.push(operation);
    if (operation === 'GetItem') return { Item: items()[0] };
    const from = (input['ExclusiveStartKey'] as { at: number } | undefined)?.at ?? 0;
    const page = items().slice(from, from + 2);
    return { Items: page, ...(from + 2 < items().length && { LastEvaluatedKey: { at: from + 2 } }) };
  };
  return { state, call };
}

test('a workspace is read whole, over all pages, and again only when its version has grown', async () => {
  const { state, call } = aTable();
  let nowMs = 0;
  const reader = lightConfigReader({ call }, 'control', { nowMs: () => nowMs });
  const config = await reader.workspaceConfig(WORKSPACE);
  expect(config).toEqual({
    workspaceId: WORKSPACE,
    configVersion: 7,
    sources: [aSource()],
    destinations: [{ destination: aDestination({ id: 'dst_braze' }), mappings: [], filters: [aFilter()] }],
  });
  expect(state.calls).toEqual(['Query', 'Query']);
  nowMs += 6_000;
  expect(await reader.workspaceConfig(WORKSPACE)).toBe(config);
  expect(state.calls).toEqual(['Query', 'Query', 'GetItem']);
  state.version = 8;
  nowMs += 6_000;
  expect((await reader.workspaceConfig(WORKSPACE))?.configVersion).toBe(8);
});

test('what is malformed is never served', async () => {
  const call = async () => ({ Items: [{ pk: { S: 'WS#ws_1' }, sk: 'CFG#SRC#src_1' }] });
  await expect(lightConfigReader({ call }, 'control').workspaceConfig(WORKSPACE)).rejects.toThrow('malformed');
});
