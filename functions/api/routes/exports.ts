import { csvOf } from '../../../shared/domain/csv.ts';
import { EXPORT_BYTES_MAX, EXPORT_DAYS, type ExportFile } from '../../../shared/domain/export-file.ts';
import { schemaOf } from '../../../shared/domain/workspace.ts';
import { ApiFault, invalid } from '../http/api-fault.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { makerOf } from '../resources/faults.ts';
import { refuseUnseen, sourceIn } from '../resources/find-things.ts';
import { plannedBy } from '../resources/planned.ts';
import { schemaRows } from '../resources/schema-csv.ts';
import { listSchema } from '../resources/schema-list.ts';
import { targetOf } from '../resources/source-views.ts';
import { trailRows } from './audit-trail.ts';

const DAY_MS = 86_400_000;
const TABS = { TRACK: 'track', IDENTIFY: 'identify', GROUP: 'group' } as const;

type Asked = {
  what: ExportFile['what'];
  sourceId?: string | undefined;
  type?: keyof typeof TABS | undefined;
  range?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
};
type Written = { name: string; rows: readonly (readonly string[])[]; isCut: boolean };

export const exportsHandlers: HandlersOf<'createExport' | 'listExports' | 'getExport' | 'getExportFile'> = {
  createExport: async (request, { body }) => {
    const now = request.now();
    const { name, rows, isCut } =
      body.what === 'SCHEMA' ? await writeSchema(request, body, now) : await writeTrail(request, body);
    const cut = withinBounds(rows);
    const text = csvOf(cut.rows);
    const file: ExportFile = {
      // In the order of their time, as the store lists them.
      id: `exp_${now.getTime().toString(36).padStart(9, '0')}${request.newId('x').slice(2)}`,
      what: body.what,
      ...(body.what === 'SCHEMA' && { sourceId: body.sourceId }),
      createdAt: now.toISOString(),
      createdBy: makerOf(request),
      expiresAt: new Date(now.getTime() + EXPORT_DAYS * DAY_MS).toISOString(),
      fileName: `${name}--${stamp(now)}.csv`,
      rows: cut.rows.length - 1,
      bytes: Buffer.byteLength(text),
      isCut: isCut || cut.isCut,
    };
    const store = await request.deps.exports();
    await store.put(request.workspaceId, file, text);
    return { export: shown(file) };
  },

  listExports: async (request) => {
    const files = await (await request.deps.exports()).list(request.workspaceId);
    const { sources } = await request.config();
    return { exports: files.filter((file) => mayRead(request, sources, file)).map(shown) };
  },

  getExport: async (request, { path }) => ({ export: shown(await fileOf(request, path['exportId'])) }),

  getExportFile: async (request, { path }) => {
    const file = await fileOf(request, path['exportId']);
    const text = await (await request.deps.exports()).read(request.workspaceId, file);
    if (text === undefined) throw noFile(file.id);
    request.headers['Content-Disposition'] = `attachment; filename="${file.fileName}"`;
    return text;
  },
};

async function writeSchema(
  request: ApiRequest,
  { sourceId, type = 'TRACK', range = '7d', from, to }: Asked,
  now: Date,
): Promise<Written> {
  if (sourceId === undefined) throw invalid({ field: 'sourceId', message: 'A schema is of a source: name it.' });
  if ((range !== '7d' && range !== '30d') || from !== undefined || to !== undefined) {
    throw invalid({ field: 'range', message: 'A schema is written for 7d or 30d.' });
  }
  const config = await request.config();
  refuseUnseen(request, config, sourceId);
  const source = sourceIn(config, sourceId);
  const [days, tab, schema] = [range === '7d' ? 7 : 30, TABS[type], schemaOf(config, source.id)];
  const [list, isPlanned] = await Promise.all([
    listSchema(await request.deps.schemas(), source, { tab, days, schema, now }),
    plannedBy(request, source.id),
  ]);
  return {
    name: `${request.workspace.slug}-${source.slug}-${tab}`,
    rows: schemaRows(list, tab, days, isPlanned),
    isCut: false,
  };
}

async function writeTrail(request: ApiRequest, { sourceId, type, range, from, to }: Asked): Promise<Written> {
  if (!request.may('audit.read', { kind: 'workspace' })) {
    throw new ApiFault(403, [{ type: 'forbidden', message: 'The audit trail is for owners of the workspace.' }]);
  }
  if (sourceId !== undefined || type !== undefined || range !== undefined) {
    throw invalid({ field: 'what', message: 'Of the audit trail say `from` and `to`, or nothing.' });
  }
  return { name: `${request.workspace.slug}-audit-trail`, ...(await trailRows(request, { from, to }, {})) };
}

/** Rows as far as a file holds them; what is cut is said in a last one. */
function withinBounds(rows: readonly (readonly string[])[]): { rows: readonly (readonly string[])[]; isCut: boolean } {
  let bytes = 0;
  const end = rows.findIndex((row) => {
    bytes += Buffer.byteLength(csvOf([row]));
    return bytes > EXPORT_BYTES_MAX;
  });
  if (end === -1) return { rows, isCut: false };
  const note = ['Cut here: there are more.', ...(rows[0] ?? []).slice(1).map(() => '')];
  return { rows: [...rows.slice(0, end), note], isCut: true };
}

/** `yyyy-mm-dd--hh-mm-utc` (F13). */
function stamp(now: Date): string {
  const iso = now.toISOString();
  return `${iso.slice(0, 10)}--${iso.slice(11, 16).replace(':', '-')}-utc`;
}

/** 404, alike for what is not there, what has expired, and what the caller may not see or sees no more. */
async function fileOf(request: ApiRequest, id = ''): Promise<ExportFile> {
  const file = await (await request.deps.exports()).get(request.workspaceId, id);
  const { sources } = await request.config();
  if (file === undefined || !mayRead(request, sources, file)) throw noFile(id);
  return file;
}

const noFile = (id: string): ApiFault =>
  new ApiFault(404, [{ type: 'not-found', message: `There is no export ${id.slice(0, 64)}.` }]);

function mayRead(request: ApiRequest, sources: readonly Parameters<typeof targetOf>[0][], file: ExportFile): boolean {
  if (file.what === 'AUDIT_TRAIL') return request.may('audit.read', { kind: 'workspace' });
  const source = sources.find(({ id }) => id === file.sourceId);
  return source !== undefined && request.may('source.read', targetOf(source));
}

const shown = ({ sourceId, ...file }: ExportFile) => ({
  ...file,
  sourceId: sourceId ?? null,
  status: 'FINISHED' as const,
  url: `/app-api/exports/${file.id}/file`,
});
