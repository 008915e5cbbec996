import * as z from 'zod';
import { REPLAY_RATE_MAX } from '../../domain/replay-order.ts';
import { operation } from '../operation.ts';
import { PaginationOutput } from '../shapes.ts';
import { pageQuery } from './range-shapes.ts';
import { ReplayFilter, ReplayRun } from './replay-shapes.ts';

/** Each looks through a store. */
const CREATES_PER_MINUTE_MAX = 60;
const success = () => z.strictObject({ status: z.literal('SUCCESS') });

/** Runs that send again. */
export const appReplaysOperations = {
  createReplay: operation({
    method: 'POST',
    path: '/app-api/replays',
    tag: 'Replays',
    stability: 'own',
    effect: 'works',
    access: { right: 'destination.edit', of: 'destination', param: 'destinationId', in: 'body' },
    perMinuteMax: CREATES_PER_MINUTE_MAX,
    summary: 'Sends again what was not delivered, or what was archived; `dryRun` only counts.',
    status: 201,
    body: () =>
      z.strictObject({
        destinationId: z.string(),
        filter: ReplayFilter(),
        rate: z.int().min(1).max(REPLAY_RATE_MAX).optional(),
        dryRun: z.boolean(),
      }),
    answer: () => z.strictObject({ replay: ReplayRun() }),
    audits: ['Replay Started'],
  }),
  listReplays: operation({
    method: 'GET',
    path: '/app-api/replays',
    tag: 'Replays',
    stability: 'own',
    effect: 'works',
    access: { right: 'destination.read', of: 'visible' },
    summary: 'Replays of the last 90 days, newest first, 20 on a page at most.',
    query: () => z.strictObject(pageQuery()),
    answer: () => z.strictObject({ replays: z.array(ReplayRun()), pagination: PaginationOutput() }),
  }),
  getReplay: operation({
    method: 'GET',
    path: '/app-api/replays/{replayId}',
    tag: 'Replays',
    stability: 'own',
    effect: 'works',
    access: { right: 'destination.read', of: 'visible' },
    summary: 'How far a replay is.',
    answer: () => z.strictObject({ replay: ReplayRun() }),
  }),
  cancelReplay: operation({
    method: 'DELETE',
    path: '/app-api/replays/{replayId}',
    tag: 'Replays',
    stability: 'own',
    effect: 'works',
    access: { right: 'destination.edit', of: 'visible' },
    summary: 'Ends a replay: nothing more is queued. What it has queued is still sent.',
    answer: success,
    audits: ['Replay Cancelled'],
  }),
};
