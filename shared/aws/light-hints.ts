import * as z from 'zod';
import { CONFIG_HINT_DETAIL_TYPE, CONFIG_HINT_SOURCE } from '../config/hint-names.ts';
import { HINT_CHANGES_MAX } from '../domain/config-hint.ts';
import type { Hints } from '../ports/hints.ts';
import type { LightClient } from './light-client.ts';
import { logError } from './log.ts';

/** The person who made the change waits meanwhile, and what is not told now is found within the hour. */
const PATIENCE = { attemptsMax: 2, tryTimeoutMs: 500 };

const Answer = z.object({
  FailedEntryCount: z.number(),
  Entries: z.array(z.object({ ErrorCode: z.string().optional() })),
});

/** Hints on an EventBridge bus. A call that succeeds may still have refused its entry: that counts as not taken. */
export const lightHints = (
  events: Pick<LightClient, 'call'>,
  busName: string,
  warn: (error: unknown, workspaceId: string) => void = (error, workspaceId) =>
    logError('A change was saved, and others were not told at once', error, { workspaceId }),
): Hints => ({
  configChanged: async (hint) => {
    try {
      const Detail = JSON.stringify({ ...hint, changes: hint.changes.slice(0, HINT_CHANGES_MAX) });
      const entry = { EventBusName: busName, Source: CONFIG_HINT_SOURCE, DetailType: CONFIG_HINT_DETAIL_TYPE, Detail };
      const answer = Answer.parse(await events.call('PutEvents', { Entries: [entry] }, PATIENCE));
      if (answer.FailedEntryCount > 0) throw new Error(`EventBridge refused it: ${answer.Entries[0]?.ErrorCode}`);
    } catch (error) {
      warn(error, hint.workspaceId);
    }
  },
});
