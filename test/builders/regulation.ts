import { Regulation } from '../../shared/domain/suppression.ts';

/** SUPPRESS_ONLY of the user `u1` in `ws_1`; parsed. */
export const aRegulation = (over: Record<string, unknown> = {}): Regulation =>
  Regulation.parse({
    id: 'reg_1',
    workspaceId: 'ws_1',
    type: 'SUPPRESS_ONLY',
    userIds: ['u1'],
    createdAt: '2026-11-24T10:15:00.000Z',
    by: 'cli: ada',
    ...over,
  });
