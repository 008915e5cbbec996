import type * as z from 'zod';
import type { RegulationListEntryV1 } from '../../../shared/api/shapes.ts';
import { AppError } from '../../../shared/domain/app-error.ts';
import { AuditId, RegulationId } from '../../../shared/domain/ids.ts';
import {
  pageOfSuppressed,
  Regulation,
  regulationEntry,
  SUPPRESSION_PAGE_MAX,
  SUPPRESSION_TYPES,
} from '../../../shared/domain/suppression.ts';
import { ApiFault, conflict, invalid } from '../http/api-fault.ts';
import { PAGE_COUNT_DEFAULT } from '../http/pages.ts';
import { parsedAs } from '../http/read-input.ts';
import type { HandlersOf } from '../http/request.ts';
import { makerOf, notOfferedYet } from '../resources/faults.ts';

/** Regulations that one page of a filtered list looks through; what lies behind them is on the next. */
const LOOKED_THROUGH_MAX = 1_000;
/** Of one answer; Lambda takes 6 MB. */
const PAGE_BYTES_MAX = 1_500_000;
const NUMBER = /^\d{1,15}$/;

const noRegulation = (id: string): ApiFault =>
  new ApiFault(404, [{ type: 'not-found', message: `There is no regulation ${id.slice(0, 128)}.` }]);

/** Each is in force as soon as it is saved, so there is one status. */
const shown = (regulation: Regulation): z.output<ReturnType<typeof RegulationListEntryV1>> => ({
  id: regulation.id,
  subjectType: 'USER_ID',
  subjects: regulation.userIds,
  status: 'FINISHED',
  createdAt: regulation.createdAt,
  regulationType: regulation.type,
  finishedAt: regulation.createdAt,
});

export const suppressionHandlers: HandlersOf<
  'listWorkspaceRegulations' | 'createWorkspaceRegulation' | 'getRegulation' | 'deleteRegulation' | 'listSuppressions'
> = {
  listWorkspaceRegulations: async (request, { query }) => {
    const { pagination: { cursor, count = PAGE_COUNT_DEFAULT } = {}, status, regulationTypes } = query;
    const position = await request.pages.position('regulations', cursor);
    const current = cursor ?? request.pages.first;
    if (status !== undefined && status !== 'FINISHED') return { regulations: [], pagination: { current } };
    const store = await request.deps.suppression();
    const found: Regulation[] = [];
    let before = position !== undefined && NUMBER.test(position) ? Number(position) : undefined;
    let next: number | undefined;
    let bytes = 0;
    for (let looked = 0; looked < LOOKED_THROUGH_MAX && found.length < count && bytes < PAGE_BYTES_MAX; ) {
      const limit = count - found.length;
      const page = await store.listRegulations(request.workspaceId, { before, limit });
      const fitting = page.regulations.filter(({ type }) => regulationTypes?.includes(type) ?? true);
      found.push(...fitting);
      bytes += JSON.stringify(fitting).length;
      looked += page.regulations.length;
      before = page.next;
      next = page.next;
      // A page that came short is as large as an answer may be.
      if (next === undefined || page.regulations.length < limit) break;
    }
    return {
      regulations: found.map(shown),
      pagination: {
        current,
        ...(next !== undefined && { next: await request.pages.cursor('regulations', String(next)) }),
      },
    };
  },

  createWorkspaceRegulation: async (request, { body }) => {
    const type = SUPPRESSION_TYPES.find((one) => one === body.regulationType);
    if (type === undefined) {
      throw notOfferedYet(
        `${body.regulationType} would delete, which nothing does yet; ${SUPPRESSION_TYPES.join(' and ')} are offered.`,
      );
    }
    if (body.subjectType !== 'USER_ID')
      throw invalid({ field: 'subjectType', message: 'People are known by USER_ID.' });
    const regulation = parsedAs(Regulation, {
      id: RegulationId.parse(request.newId('reg')),
      workspaceId: request.workspaceId,
      type,
      userIds: body.subjectIds,
      createdAt: request.now().toISOString(),
      by: makerOf(request).slice(0, 128),
    });
    const { actor, requestId, ip } = request.author;
    const entry = {
      id: AuditId.parse(request.newId('aud')),
      actor,
      ...regulationEntry(regulation),
      ...(requestId !== undefined && { requestId }),
      ...(ip !== undefined && { ip }),
    };
    const store = await request.deps.suppression();
    try {
      await store.regulate(regulation, request.newId('write'), entry);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'bad-request') throw error;
      throw invalid({ field: 'subjectIds', message: error.message });
    }
    await request.deps.hints.configChanged({
      v: 1,
      workspaceId: request.workspaceId,
      changes: [{ kind: 'REGULATION', id: regulation.id, verb: 'created' }],
    });
    return { regulateId: regulation.id };
  },

  getRegulation: async (request, { path }) => {
    const regulation = await findRegulation(request, path['regulateId']);
    const { id, workspaceId, createdAt } = regulation;
    return {
      regulation: {
        id,
        workspaceId,
        overallStatus: 'FINISHED',
        createdAt,
        finishedAt: createdAt,
        // No destination is told of it.
        streamStatus: [],
      },
    };
  },

  deleteRegulation: async (request, { path }) => {
    const { type } = await findRegulation(request, path['regulateId']);
    throw conflict(
      `It is finished, and what is finished cannot be deleted. ${type === 'SUPPRESS_ONLY' ? 'UNSUPPRESS' : 'SUPPRESS_ONLY'} of the same users takes it back.`,
    );
  },

  listSuppressions: async (request, { query }) => {
    const { cursor, count = PAGE_COUNT_DEFAULT } = query.pagination ?? {};
    const after = await request.pages.position('suppressions', cursor);
    const store = await request.deps.suppression();
    const suppressed = await store.suppressed(request.workspaceId);
    const limit = Math.min(count, SUPPRESSION_PAGE_MAX);
    const { userIds, hasMore } = pageOfSuppressed(suppressed, { after, limit });
    const last = userIds.at(-1);
    return {
      suppressed: userIds.map((userId) => ({ subjectType: 'USER_ID', subjectIds: [userId] })),
      pagination: {
        current: cursor ?? request.pages.first,
        ...(hasMore && last !== undefined && { next: await request.pages.cursor('suppressions', last) }),
        totalEntries: suppressed.size,
      },
    };
  },
};

async function findRegulation(
  request: Parameters<(typeof suppressionHandlers)['getRegulation']>[0],
  text = '',
): Promise<Regulation> {
  const id = RegulationId.safeParse(text);
  if (!id.success) throw noRegulation(text);
  const store = await request.deps.suppression();
  const found = await store.getRegulation(request.workspaceId, id.data);
  if (found === undefined) throw noRegulation(text);
  return found;
}
