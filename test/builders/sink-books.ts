import type { PathLedger, Try } from '../../cli/sink/tries.ts';

type SinkAt = { url: string };

const ask = async (url: string): Promise<unknown> => await (await fetch(url)).json();

/** What one path of a sink saw; nothing where nothing came. */
export async function ledgerOfPath({ url }: SinkAt, path: string): Promise<PathLedger> {
  const { paths } = (await ask(`${url}/ledger`)) as { paths: Record<string, PathLedger> };
  return paths[path] ?? { requests: 0, events: 0, taken: 0, messageIds: 0, takenMessageIds: 0, asked: 0, early: 0 };
}

/** Each try of one event, at any path, oldest first. */
export const triesOf = async ({ url }: SinkAt, messageId: string): Promise<Try[]> =>
  ((await ask(`${url}/attempts?messageId=${messageId}`)) as { attempts: Try[] }).attempts;

/** Changes what a path does, until it is changed again. */
export async function setScript({ url }: SinkAt, path: string, script: string | null): Promise<void> {
  const answer = await fetch(`${url}/script`, { method: 'POST', body: JSON.stringify({ path, script }) });
  if (!answer.ok) throw new Error(`The sink refused the script ${script}: ${await answer.text()}`);
}
