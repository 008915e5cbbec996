import * as z from 'zod';
import { operation } from '../operation.ts';
import { PaginationOutput } from '../shapes.ts';
import { pageQuery } from './range-shapes.ts';
import { ReplayFilter, ReplayRun } from './replay-shapes.ts';

const ISSUE = 6;
const success = () => z.strictObject({ status: z.literal('SUCCESS') });

/** Runs that send again. */
export const appReplaysOperations = {
  createReplay: operation({
    method: 'POST',
    path: '/app-api/replays',
    tag: 'Replays',
    stability: 'own',
    effect: 'later',
    issue: ISSUE,
    access: { right: 'destination.edit', of: 'workspace' },
    summary: 'Sends again what was not delivered, or what was archived; `dryRun` only counts.',
    status: 201,
    body: () => z.strictObject({ filter: ReplayFilter(), dryRun: z.boolean() }),
    answer: () => z.strictObject({ replay: ReplayRun() }),
    audits: ['Replay Started'],
  }),
  listReplays: operation({
    method: 'GET',
    path: '/app-api/replays',
    tag: 'Replays',
    stability: 'own',
    effect: 'later',
    issue: ISSUE,
    access: { right: 'destination.read', of: 'workspace' },
    summary: 'Replay runs, newest first.',
    query: () => z.strictObject(pageQuery()),
    answer: () => z.strictObject({ replays: z.array(ReplayRun()), pagination: PaginationOutput() }),
  }),
  getReplay: operation({
    method: 'GET',
    path: '/app-api/replays/{replayId}',
    tag: 'Replays',
    stability: 'own',
    effect: 'later',
    issue: ISSUE,
    access: { right: 'destination.read', of: 'workspace' },
    summary: 'How far a run is.',
    answer: () => z.strictObject({ replay: ReplayRun() }),
  }),
  cancelReplay: operation({
    method: 'DELETE',
    path: '/app-api/replays/{replayId}',
    tag: 'Replays',
    stability: 'own',
    effect: 'later',
    issue: ISSUE,
    access: { right: 'destination.edit', of: 'workspace' },
    summary: 'Ends a run. What it has queued is still sent.',
    answer: success,
    audits: ['Replay Cancelled'],
  }),
};
