import { documentClient } from '../../shared/aws/document-client.ts';
import { documentsReplayOrders } from '../../shared/aws/documents-replay-orders.ts';
import { sdkDocuments } from '../../shared/aws/documents.ts';
import { dynamoReplayStore } from '../../shared/aws/dynamo-replay-store.ts';
import type { ReplayRunner } from '../../shared/ports/replay-orders.ts';
import type { ReplayDesk } from './routes/replays.ts';

/** What replays are ordered and followed with. A module of its own, with the SDK: it is loaded when somebody asks for one. */
export function replayWork(
  env: { CONTROL_TABLE_NAME: string; LEDGER_TABLE_NAME: string },
  runner: ReplayRunner,
): ReplayDesk {
  const doc = documentClient();
  return {
    orders: documentsReplayOrders(sdkDocuments(doc), env.CONTROL_TABLE_NAME),
    runs: dynamoReplayStore(doc, env.LEDGER_TABLE_NAME),
    runner,
  };
}
