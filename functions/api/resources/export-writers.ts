import type { ExportFile } from '../../../shared/domain/export-file.ts';
import { schemaOf, type Source } from '../../../shared/domain/workspace.ts';
import { ApiFault, invalid } from '../http/api-fault.ts';
import type { ApiRequest } from '../http/request.ts';
import { appIssuesHandlers } from '../routes/app-issues.ts';
import { trailRows } from '../routes/audit-trail.ts';
import { refuseUnseen, sourceIn } from './find-things.ts';
import type { PageRange } from './page-range.ts';
import { plannedBy } from './planned.ts';
import { schemaRows } from './schema-csv.ts';
import { listSchema } from './schema-list.ts';
import { targetOf } from './source-views.ts';

const TABS = { TRACK: 'track', IDENTIFY: 'identify', GROUP: 'group' } as const;
const SCHEMA_DAYS: Readonly<Record<string, number>> = { '7d': 7, '30d': 30 };
/** Entries of one page of issues, and pages of one file: each page reads the books again. */
const ISSUES_PER_PAGE = 1_000;
const ISSUE_PAGES_MAX = 5;

/** 30d is of schemas alone. */
export type ExportAsked = Pick<PageRange, 'from' | 'to'> & { range?: PageRange['range'] | '30d' } & {
  sourceId?: string | undefined;
  type?: keyof typeof TABS | undefined;
};
/** Rows with their head first. `name`: of the file, before its time. `sourceIds`: what a reader must see. */
export type Written = {
  name: string;
  rows: readonly (readonly string[])[];
  isCut: boolean;
  sourceIds?: Source['id'][];
};
type Writer = (request: ApiRequest, asked: ExportAsked, now: Date) => Promise<Written>;

/** What each list is as a file. Each looks itself at what the caller may read. */
export const WRITERS: Readonly<Record<ExportFile['what'], Writer>> = {
  SCHEMA: async (request, { sourceId, type = 'TRACK', range = '7d', from, to }, now) => {
    if (sourceId === undefined) throw invalid({ field: 'sourceId', message: 'A schema is of a source: name it.' });
    const days = SCHEMA_DAYS[range];
    if (days === undefined || from !== undefined || to !== undefined) {
      throw invalid({ field: 'range', message: 'A schema is written for 7d or 30d.' });
    }
    const config = await request.config();
    refuseUnseen(request, config, sourceId);
    const source = sourceIn(config, sourceId);
    const tab = TABS[type];
    const [list, isPlanned] = await Promise.all([
      listSchema(await request.deps.schemas(), source, { tab, days, schema: schemaOf(config, source.id), now }),
      plannedBy(request, source.id),
    ]);
    return {
      name: `${request.workspace.slug}-${source.slug}-${tab}`,
      rows: schemaRows(list, tab, days, isPlanned),
      isCut: false,
      sourceIds: [source.id],
    };
  },

  AUDIT_TRAIL: async (request, { sourceId, type, range, from, to }) => {
    if (!request.may('audit.read', { kind: 'workspace' })) {
      throw new ApiFault(403, [{ type: 'forbidden', message: 'The audit trail is for owners of the workspace.' }]);
    }
    if (sourceId !== undefined || type !== undefined || range !== undefined) {
      throw invalid({ field: 'what', message: 'Of the audit trail say `from` and `to`, or nothing.' });
    }
    return { name: `${request.workspace.slug}-audit-trail`, ...(await trailRows(request, { from, to }, {})) };
  },

  ISSUES: async (request, { sourceId, type, range, ...times }) => {
    if (type !== undefined) throw invalid({ field: 'type', message: 'Only a schema is written by type.' });
    if (range === '30d') throw invalid({ field: 'range', message: 'Issues are written for 14d at most.' });
    const { sources, destinations } = await request.config();
    const rows: string[][] = [ISSUE_COLUMNS];
    let cursor: string | undefined;
    let isCut = false;
    for (let page = 0; page < ISSUE_PAGES_MAX; page += 1) {
      const pagination = { count: ISSUES_PER_PAGE, cursor };
      const found = await appIssuesHandlers.listDeliveryIssues(request, {
        path: {},
        query: { sourceId, range, ...times, pagination },
        body: undefined,
      });
      for (const issue of found.issues) {
        const named = destinations.find(({ destination }) => destination.id === issue.destinationId)?.destination;
        rows.push([
          sources.find(({ id }) => id === issue.sourceId)?.name ?? issue.sourceId,
          named?.name ?? issue.destinationId,
          issue.code,
          issue.message,
          String(issue.count),
          String(issue.ended),
          issue.retried ? 'yes' : 'no',
          issue.firstSeenAt,
          issue.lastSeenAt,
          issue.advice,
        ]);
      }
      cursor = found.pagination.next ?? undefined;
      isCut = found.destinationsLeftOut > 0 || cursor !== undefined;
      if (cursor === undefined) break;
    }
    const seen = sources.filter((source) => request.may('destination.read', targetOf(source)));
    return {
      name: `${request.workspace.slug}-delivery-issues`,
      rows,
      isCut,
      sourceIds:
        sourceId === undefined ? seen.map(({ id }) => id) : sources.flatMap(({ id }) => (id === sourceId ? [id] : [])),
    };
  },
};

const ISSUE_COLUMNS = [
  'Source',
  'Destination',
  'Code',
  'Message',
  'Tries',
  'Ended',
  'Tried again',
  'First seen (UTC)',
  'Last seen (UTC)',
  'What to do',
];
