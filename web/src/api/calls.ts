import {
  keepPreviousData,
  type QueryClient,
  queryOptions,
  type UseMutationResult,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { ApiError, ApiUnreachable } from '../../../shared/api/api-error.ts';
import { type ApiClient, type CallInput, clientOver, type Tagged } from '../../../shared/api/client-over.ts';
import type { AnswerOf } from '../../../shared/api/operation.ts';
import type { Handled, HandledId } from '../../../shared/api/operations.ts';
import { appConfig } from '../app/config.ts';
import { accessToken, SessionEnded } from '../app/session.ts';
import { OPERATION_PATHS } from './operation-paths.ts';
import { useWork } from './use-work.ts';

/** The longest pause of a page that polls an API that fails. */
const LIVE_PAUSE_MS_MAX = 60_000;

const clients = new Map<string, ApiClient>();

/** The client for a workspace, by its slug; without one for what a person may ask outside of all of them. */
export function apiOf(workspace?: string): ApiClient {
  const key = workspace ?? '';
  const known = clients.get(key);
  if (known !== undefined) return known;
  const made = clientOver(OPERATION_PATHS, { baseUrl: appConfig().apiUrl, token: accessToken, workspace });
  clients.set(key, made);
  return made;
}

/** The slug of the workspace that the address names; undefined on pages outside of all. */
export const useWorkspaceSlug = (): string | undefined => useParams({ strict: false }).workspace;

/** The client for the workspace that is open. */
export const useApi = (): ApiClient => apiOf(useWorkspaceSlug());

export type InputOf<Id extends HandledId> = CallInput<Handled[Id]>;
export type DataOf<Id extends HandledId> = AnswerOf<Handled[Id]>;

/** What `useCall` asks, for preloading and for pages that ask several at once. */
export const callQuery = <Id extends HandledId>(workspace: string | undefined, id: Id, input?: InputOf<Id>) =>
  queryOptions<DataOf<Id>>({
    queryKey: [workspace ?? '', id, input ?? {}],
    queryFn: async () => await apiOf(workspace).call(id, ...([input] as never)),
  });

export type CallOptions = {
  /** False: not asked yet. */
  enabled?: boolean;
  /** Asked again so often while the page is visible; pauses grow while it fails. */
  everyMs?: number | undefined;
  /** What was there stays until another input is answered: lists do not blink between pages and ranges. */
  keep?: boolean;
  /** How long an answer counts as new, in ms. */
  freshMs?: number;
};

/** Asks an operation of the API, and again when its input changes. */
export function useCall<Id extends HandledId>(
  id: Id,
  input?: InputOf<Id>,
  { enabled = true, everyMs, keep = false, freshMs }: CallOptions = {},
): UseQueryResult<DataOf<Id>> {
  const workspace = useWorkspaceSlug();
  return useQuery<DataOf<Id>>({
    ...callQuery(workspace, id, input),
    enabled,
    ...(freshMs !== undefined && { staleTime: freshMs }),
    ...(keep && { placeholderData: keepPreviousData }),
    ...(everyMs !== undefined && {
      refetchInterval: (query) =>
        query.state.status === 'error'
          ? Math.min(LIVE_PAUSE_MS_MAX, everyMs * 2 ** Math.min(query.state.errorUpdateCount, 6))
          : everyMs,
    }),
  });
}

/** Where `useTagged` keeps its answer. */
const taggedKey = <Id extends HandledId>(workspace: string | undefined, id: Id, input: InputOf<Id>) =>
  [workspace ?? '', id, 'tagged', input] as const;

/** One thing with the version that it has: what is edited is saved with that as `ifMatch`, so that nobody's change is lost. */
export function useTagged<Id extends HandledId>(
  id: Id,
  input: InputOf<Id>,
  { enabled = true }: Pick<CallOptions, 'enabled'> = {},
): UseQueryResult<Tagged<DataOf<Id>>> {
  const workspace = useWorkspaceSlug();
  return useQuery<Tagged<DataOf<Id>>>({
    queryKey: taggedKey(workspace, id, input),
    queryFn: async () => await apiOf(workspace).tagged(id, ...([input] as never)),
    // Asked again whenever the window is looked at: what is edited should not be old.
    staleTime: 0,
    enabled,
  });
}

/** All entries of a list, page after page; `key` names it in the answers. */
export function useAll<Id extends HandledId, Key extends keyof DataOf<Id> & string>(
  id: Id,
  key: Key,
  input?: Omit<InputOf<Id>, 'body'>,
  { enabled = true, everyMs }: Pick<CallOptions, 'enabled' | 'everyMs'> = {},
): UseQueryResult<DataOf<Id>[Key]> {
  const workspace = useWorkspaceSlug();
  return useQuery<DataOf<Id>[Key]>({
    queryKey: [workspace ?? '', id, 'all', input ?? {}],
    queryFn: async () => (await apiOf(workspace).all(id, key as never, input)) as never,
    enabled,
    ...(everyMs !== undefined && { refetchInterval: everyMs }),
  });
}

export type ChangeOptions<Id extends HandledId> = {
  /** Operations whose answers are no longer true afterwards; all of the workspace's where nothing is said. */
  stale?: readonly HandledId[];
  /** Reads what is changed, by the same path, and answers alike: what is shown next is what was saved, not what was there before. */
  keeps?: HandledId;
  onDone?: (data: DataOf<Id>, input: InputOf<Id>) => void;
  onFailed?: (error: Error) => void;
};

/** Changes something: `mutate(input)`. What is stale by it is asked again. */
export function useChange<Id extends HandledId>(
  id: Id,
  { stale, keeps, onDone, onFailed }: ChangeOptions<Id> = {},
): UseMutationResult<DataOf<Id>, Error, InputOf<Id>> {
  const workspace = useWorkspaceSlug();
  const queries = useQueryClient();
  return useWork<DataOf<Id>, InputOf<Id>>({
    mutationFn: async (input) => {
      const answer = await apiOf(workspace).tagged(id, ...([input] as never));
      const path = (input as { path?: Readonly<Record<string, string>> }).path ?? {};
      if (keeps !== undefined) keep(queries, { workspace, id: keeps, path }, answer);
      return answer.data;
    },
    onSuccess: (data, input) => {
      void forget(queries, workspace, stale);
      onDone?.(data, input);
    },
    onError: (error, input) => {
      // Refused for a version that is old: what is there now is asked for.
      const isOld = error instanceof ApiError && error.status === 409;
      if (isOld && (input as { ifMatch?: string }).ifMatch !== undefined) void forget(queries, workspace, stale);
      onFailed?.(error);
    },
  });
}

/** Puts an answer where `useCall` and `useTagged` have the one before it. */
function keep(
  queries: QueryClient,
  { workspace, id, path }: { workspace: string | undefined; id: HandledId; path: Readonly<Record<string, string>> },
  answer: Tagged<unknown>,
): void {
  const input = { path } as never;
  const put = (queryKey: readonly unknown[], value: unknown): void =>
    void queries.setQueryData(queryKey, (before: unknown) => (before === undefined ? undefined : value));
  put(callQuery(workspace, id, input).queryKey, answer.data);
  put(taggedKey(workspace, id, input), answer);
}

/** Has these operations asked again, or all of a workspace. */
export async function forget(
  queries: QueryClient,
  workspace: string | undefined,
  ids?: readonly HandledId[],
): Promise<void> {
  const slug = workspace ?? '';
  if (ids === undefined) return await queries.invalidateQueries({ queryKey: [slug] });
  await Promise.all(ids.map((id) => queries.invalidateQueries({ queryKey: [slug, id] })));
}

/** Whether asking again may help: a refusal stays one. */
export function mayRetry(failures: number, error: Error): boolean {
  if (error instanceof SessionEnded) return false;
  if (error instanceof ApiUnreachable) return failures < 2;
  return error instanceof ApiError && error.status >= 500 && failures < 2;
}

/** The message for a field of a form, by the API's answer: `settings.apiKey` also finds `apiKey`. */
export function fieldErrors(error: Error | null): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  return Object.fromEntries(
    error.entries.flatMap((one) => (one.field === undefined ? [] : [[one.field, plainly(one.message)]])),
  );
}

const TOO_LONG = /^Too big: expected string to have <=(\d+) characters$/;
const TOO_SHORT = /^Too small: expected string to have >=(\d+) characters$/;

/** What the API says of a length, as one would say it beside a field. */
function plainly(message: string): string {
  const [, most] = TOO_LONG.exec(message) ?? [];
  if (most !== undefined) return `At most ${most} characters`;
  const [, least] = TOO_SHORT.exec(message) ?? [];
  if (least === undefined) return message;
  return least === '1' ? 'Cannot be empty' : `At least ${least} characters`;
}
