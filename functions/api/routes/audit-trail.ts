import type { AuditEntry } from '../../../shared/domain/audit.ts';
import { csvOf } from '../../../shared/domain/csv.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { PAGE_COUNT_DEFAULT } from '../http/pages.ts';
import { readTrail, SCANNED_MAX, type TrailFilter, type TrailRange } from '../people/read-trail.ts';

/** Bytes of entries in one page: an answer of Lambda has 6 MB, and characters may grow in JSON. */
const PAGE_BYTES_MAX = 2_000_000;
/** Bytes of entries in one file of CSV: they grow less there. */
const CSV_BYTES_MAX = 4_000_000;
/** Entries in one file of CSV. */
const CSV_ROWS_MAX = 5_000;
/** Entries that one file of CSV is looked for in, whatever fits: some 130 reads of the store, which take a few of the 15 s that the function has. */
export const EXPORT_SCANNED_MAX = 25_000;
const EXPORT_LOOKS_MAX = EXPORT_SCANNED_MAX / SCANNED_MAX;

type PageInput = { cursor?: string | undefined; count?: number | undefined } | undefined;

export const auditTrailHandlers: HandlersOf<'listAuditEvents' | 'listAppAuditEvents' | 'exportAuditEvents'> = {
  listAuditEvents: async (request, { query: { startTime, endTime, resourceId, resourceType, pagination } }) => {
    const range = { from: startTime, to: endTime };
    const page = await pageOf(request, range, { resourceId, resourceType }, pagination);
    return { events: page.entries.map(toldToAll), pagination: page.pagination };
  },

  listAppAuditEvents: async (request, { query: { from, to, pagination, ...filter } }) => {
    const page = await pageOf(request, { from, to }, filter, pagination);
    return {
      events: page.entries.map(({ workspaceId: _own, ...entry }) => entry),
      pagination: page.pagination,
    };
  },

  exportAuditEvents: async (request, { query: { from, to, ...filter } }) => {
    request.headers['Content-Disposition'] = `attachment; filename="audit-${request.workspace.slug}.csv"`;
    return csvOf((await trailRows(request, { from, to }, filter)).rows);
  },
};

/** The trail as rows of a file, with a head, and a last one that says where it was cut. */
export async function trailRows(
  { deps, workspaceId }: Pick<ApiRequest, 'deps' | 'workspaceId'>,
  { from, to }: TrailRange,
  filter: TrailFilter,
): Promise<{ rows: string[][]; isCut: boolean }> {
  const rows: string[][] = [[...COLUMNS]];
  let bytes = 0;
  let position: string | undefined;
  let looks = 0;
  do {
    looks += 1;
    const bounds = { count: CSV_ROWS_MAX + 1 - rows.length, bytesMax: CSV_BYTES_MAX - bytes };
    const page = await readTrail(deps, workspaceId, { from, to, position }, filter, bounds);
    rows.push(...page.entries.map(rowOf));
    bytes += page.entries.reduce((sum, entry) => sum + Buffer.byteLength(JSON.stringify(entry)), 0);
    position = page.next;
  } while (
    position !== undefined &&
    looks < EXPORT_LOOKS_MAX &&
    rows.length <= CSV_ROWS_MAX &&
    bytes < CSV_BYTES_MAX - ENTRY_BYTES_MAX
  );
  if (position !== undefined) {
    rows.push([
      `Cut here: there are more. Ask again with to=${position.split('#')[0]}`,
      ...COLUMNS.slice(1).map(() => ''),
    ]);
  }
  return { rows, isCut: position !== undefined };
}

/** Bytes of one entry: both sides of a change, with its names. */
const ENTRY_BYTES_MAX = 130_000;

async function pageOf(request: ApiRequest, range: TrailRange, filter: TrailFilter, input: PageInput) {
  const { deps, workspaceId, pages } = request;
  const { cursor, count = PAGE_COUNT_DEFAULT } = input ?? {};
  const position = await pages.position('audit-events', cursor);
  const bounds = { count, bytesMax: PAGE_BYTES_MAX };
  const { entries, next } = await readTrail(deps, workspaceId, { ...range, position }, filter, bounds);
  return {
    entries,
    pagination: {
      current: cursor ?? pages.first,
      ...(next !== undefined && { next: await pages.cursor('audit-events', next) }),
    },
  };
}

/** In the original's shape: without what differs. */
const toldToAll = ({ id, at, event, actor, resource }: AuditEntry) => ({
  id,
  timestamp: at,
  type: event,
  actor: actor.id,
  ...(actor.email !== undefined && { actorEmail: actor.email }),
  resourceId: resource.id,
  resourceType: resource.type,
  resourceName: resource.name ?? resource.id,
});

const COLUMNS = [
  'time',
  'event',
  'actor type',
  'actor id',
  'actor name',
  'actor e-mail',
  'resource type',
  'resource id',
  'resource name',
  'before',
  'after',
  'request',
  'address',
] as const;

const rowOf = ({ at, event, actor, resource, before, after, requestId = '', ip = '' }: AuditEntry): string[] => [
  at,
  event,
  actor.type,
  actor.id,
  actor.name ?? '',
  actor.email ?? '',
  resource.type,
  resource.id,
  resource.name ?? '',
  before === undefined ? '' : JSON.stringify(before),
  after === undefined ? '' : JSON.stringify(after),
  requestId,
  ip,
];
