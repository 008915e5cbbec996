import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { type DataOf, useApi, useChange, useWorkspaceSlug } from '../../api/calls.ts';
import { toast, toastError } from '../../ui/toast.tsx';
import type { Period, SchemaKey, SchemaTab, Show } from './schema-rows.ts';

/** Rows of one answer. */
const PAGE = 100;
/** Counts are asked again so often while the page is seen. */
const FRESH_MS = 30_000;

type Page = DataOf<'getSourceSchema'>;
type Asked = { sourceId: string; type: SchemaTab; period: Period; q: string | undefined; show: Show | undefined };

const keyOf = (workspace: string | undefined, { sourceId, type, period, q, show }: Asked) => [
  workspace ?? '',
  'getSourceSchema',
  sourceId,
  type,
  period,
  q ?? '',
  show ?? '',
];

/** Names of a source, page after page. */
export function useSchema(asked: Asked) {
  const api = useApi();
  const workspace = useWorkspaceSlug();
  const { sourceId, type, period, q, show } = asked;
  return useInfiniteQuery({
    queryKey: keyOf(workspace, asked),
    queryFn: async ({ pageParam }): Promise<Page> =>
      await api.call('getSourceSchema', {
        path: { sourceId },
        query: {
          type,
          period,
          ...(q !== undefined && q !== '' && { q }),
          ...(show !== undefined && { show }),
          pagination: { count: PAGE, ...(pageParam !== undefined && { cursor: pageParam }) },
        },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ pagination }) => pagination.next ?? undefined,
    refetchInterval: FRESH_MS,
    placeholderData: (before) => before,
  });
}

export type KeyChange = { allowed?: boolean; archived?: boolean; withheldFrom?: string[] };

/**
 * Changes a row at once, tells it to the API, and offers to take it back. What the API refuses is put back as it was.
 */
export function useKeyChange(asked: Asked) {
  const workspace = useWorkspaceSlug();
  const queries = useQueryClient();
  const change = useChange('updateSourceSchemaKey', { stale: ['getSourceSchema'] });
  const show = (key: string, to: Partial<SchemaKey>): void => {
    queries.setQueriesData<{ pages: Page[] }>(
      { queryKey: [workspace ?? '', 'getSourceSchema', asked.sourceId] },
      (old) =>
        old === undefined || !Array.isArray(old.pages)
          ? old
          : {
              ...old,
              pages: old.pages.map((page) => ({
                ...page,
                keys: page.keys.map((one) => (one.key === key ? { ...one, ...to } : one)),
              })),
            },
    );
  };
  const set = (row: SchemaKey, to: KeyChange, said: string, isUndo = false): void => {
    const before: KeyChange = {
      ...(to.allowed !== undefined && { allowed: row.allowed }),
      ...(to.archived !== undefined && { archived: row.archived }),
      ...(to.withheldFrom !== undefined && { withheldFrom: row.withheldFrom }),
    };
    show(row.key, to);
    // By the promise: callbacks of `mutate` would hear of the last of several alone.
    change.mutateAsync({ path: { sourceId: asked.sourceId, key: row.key }, body: to }).then(
      () => (isUndo ? undefined : toast(said, { undo: () => set({ ...row, ...to }, before, said, true) })),
      (error: Error) => {
        show(row.key, before);
        toastError(`“${row.name}” was not changed`, error);
      },
    );
  };
  return set;
}
