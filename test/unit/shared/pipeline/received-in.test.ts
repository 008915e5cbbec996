import type { Digest } from '../../../../shared/domain/digest.ts';
import { SourceId, WorkspaceId } from '../../../../shared/domain/ids.ts';
import { receivedIn } from '../../../../shared/pipeline/received-in.ts';

const [WS, SOURCE] = [WorkspaceId.parse('ws_1'), SourceId.parse('src_1')];
const of = (received: number): Digest =>
  ({ sources: { src_1: { received }, src_2: { received: 1_000 } }, destinations: {} }) as unknown as Digest;

test('what was received is summed from whole hours and the minutes at both ends, each once', async () => {
  const asked: string[] = [];
  const answer = (step: string, received: number) => async (_id: string, from: string, to: string) => {
    asked.push(`${step} ${from} ${to}`);
    return new Map([[from, of(received)]]);
  };
  const digests = { minutes: answer('minutes', 1), hours: answer('hours', 10) };
  const range = { from: '2026-11-26T10:20:30.000Z', to: '2026-11-27T10:20:30.000Z' };
  await expect(receivedIn(digests, WS, SOURCE, range)).resolves.toBe(12);
  expect(asked).toEqual([
    'minutes 2026-11-26T10:20 2026-11-26T10:59',
    'hours 2026-11-26T11 2026-11-27T09',
    'minutes 2026-11-27T10:00 2026-11-27T10:20',
  ]);
  const short = { from: '2026-11-27T10:01:00.000Z', to: '2026-11-27T10:03:00.000Z' };
  await expect(receivedIn(digests, WS, SOURCE, short)).resolves.toBe(1);
});
