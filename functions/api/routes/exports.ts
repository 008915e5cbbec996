import { csvOf } from '../../../shared/domain/csv.ts';
import { EXPORT_BYTES_MAX, EXPORT_DAYS, type ExportFile } from '../../../shared/domain/export-file.ts';
import type { Source } from '../../../shared/domain/workspace.ts';
import { ApiFault } from '../http/api-fault.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { WRITERS } from '../resources/export-writers.ts';
import { makerOf } from '../resources/faults.ts';
import { targetOf } from '../resources/source-views.ts';

const DAY_MS = 86_400_000;

export const exportsHandlers: HandlersOf<'createExport' | 'listExports' | 'getExport' | 'getExportFile'> = {
  createExport: async (request, { body }) => {
    const now = request.now();
    const { name, rows, isCut, sourceIds = [] } = await WRITERS[body.what](request, body, now);
    const cut = withinBounds(rows);
    const text = csvOf(cut.rows);
    const file: ExportFile = {
      // In the order of their time, as the store lists them.
      id: `exp_${now.getTime().toString(36).padStart(9, '0')}${request.newId('x').slice(2)}`,
      what: body.what,
      sourceIds,
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

/** As it takes to make the file now. */
function mayRead(request: ApiRequest, sources: readonly Source[], { what, sourceIds }: ExportFile): boolean {
  if (what === 'AUDIT_TRAIL') return request.may('audit.read', { kind: 'workspace' });
  const right = what === 'ISSUES' ? 'destination.read' : 'source.read';
  return sourceIds.every((id) => {
    const source = sources.find((one) => one.id === id);
    return source !== undefined && request.may(right, targetOf(source));
  });
}

const shown = ({ sourceIds, ...file }: ExportFile) => ({
  ...file,
  sourceId: sourceIds.length === 1 ? (sourceIds[0] ?? null) : null,
  status: 'FINISHED' as const,
  url: `/app-api/exports/${file.id}/file`,
});
