import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Operation } from '../../../shared/api/operation.ts';
import { can } from '../../../shared/domain/access.ts';
import { AppError } from '../../../shared/domain/app-error.ts';
import type { Workspace, WorkspaceConfig } from '../../../shared/domain/workspace.ts';
import { json } from '../../../shared/http/answers.ts';
import type { Author, ControlStore } from '../../../shared/ports/control-store.ts';
import type { ApiDeps } from '../api-deps.ts';
import { handlerOf } from '../handlers.ts';
import { ApiFault, CHANGED_MEANWHILE, conflict, notFound } from './api-fault.ts';
import { authorise } from './authorise.ts';
import { changeIn } from './change-in.ts';
import {
  type Bearer,
  bearerOf,
  callerIn,
  callerNow,
  signInEnded,
  unauthenticated,
  useNotes,
  WORKSPACE_HEADER,
} from './callers.ts';
import { signedPages } from './pages.ts';
import {
  API_REQUESTS_PER_MINUTE_MAX,
  type Counted,
  type RateWindow,
  rateWindow,
  UNKNOWN_CALLERS_PER_MINUTE_MAX,
} from './rate-window.ts';
import { checkInput, type Input, readBody, readQuery } from './read-input.ts';
import type { ApiRequest, Caller } from './request.ts';
import { type Matched, router } from './router.ts';

/** Answers requests of the Public API and of /app-api, all in its envelope. Throws for bugs of ours and for AWS being away. */
export function answerRequest(
  deps: ApiDeps,
): (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2> {
  const match = router();
  const rate = rateWindow(() => deps.now().getTime());
  const noteUse = useNotes(deps);
  // Reads change nothing, and need no author.
  const reader = deps.control({ actor: { type: 'system', id: 'api' } });

  return async (event) => {
    const headers: Record<string, string> = {};
    try {
      const { method, path } = event.requestContext.http;
      const found = match(method === 'HEAD' ? 'GET' : method, event.rawPath === '' ? path : event.rawPath);
      if (found.outcome === 'no-path') throw notFound('route', `${method} ${path}`);
      if (found.outcome === 'no-method') {
        throw new ApiFault(
          405,
          [{ type: 'method-not-allowed', message: `${path.slice(0, 128)} takes ${found.methods.join(', ')}.` }],
          { Allow: found.methods.flatMap((one) => (one === 'GET' ? ['GET', 'HEAD'] : [one])).join(', ') },
        );
      }
      const { operation } = found;
      if (operation.access.of === 'nobody') {
        const address = `ip ${event.requestContext.http.sourceIp}`;
        count(rate, headers, address, UNKNOWN_CALLERS_PER_MINUTE_MAX);
        if (operation.perMinuteMax !== undefined)
          count(rate, headers, `${address} ${found.id}`, operation.perMinuteMax);
        return await answer(deps, event, found, { headers, reader });
      }
      const refused = `refused ip ${event.requestContext.http.sourceIp}`;
      // Before anything is read: who tries out tokens costs no read of ours any more.
      if (rate.isFull(refused, UNKNOWN_CALLERS_PER_MINUTE_MAX)) {
        count(rate, headers, refused, UNKNOWN_CALLERS_PER_MINUTE_MAX);
      }
      const bearer = await bearerOf(deps, reader, event.headers['authorization']);
      if (bearer === undefined || bearer === 'ended') {
        count(rate, headers, refused, UNKNOWN_CALLERS_PER_MINUTE_MAX);
        throw bearer === undefined ? unauthenticated() : signInEnded();
      }
      const name = bearer.kind === 'token' ? bearer.token.id : bearer.access.subject;
      count(rate, headers, name, API_REQUESTS_PER_MINUTE_MAX);
      if (operation.perMinuteMax !== undefined) count(rate, headers, `${name} ${found.id}`, operation.perMinuteMax);
      if (bearer.kind === 'token') await noteUse(bearer.token.workspaceId, bearer.token.id);
      return await answer(deps, event, found, { headers, reader, bearer });
    } catch (error) {
      if (error instanceof ApiFault) return faultAnswer(error, headers);
      // Conflicts that do not end, and nothing else, are the caller's to decide on.
      if (error instanceof AppError && error.code === 'conflict') {
        return faultAnswer(conflict(CHANGED_MEANWHILE), headers);
      }
      throw error;
    }
  };
}

type Found = Matched & { outcome: 'matched' };
type Parts = { headers: Record<string, string>; reader: ControlStore; bearer?: Bearer };

async function answer(
  deps: ApiDeps,
  event: APIGatewayProxyEventV2,
  { id, operation, path }: Found,
  { headers, reader, bearer }: Parts,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { access } = operation;
  const isOfWorkspace = access.of !== 'nobody' && access.of !== 'person';
  const within =
    isOfWorkspace && bearer !== undefined
      ? await callerIn(deps, reader, bearer, event.headers[WORKSPACE_HEADER])
      : undefined;
  let asked: Input = { path, query: {}, body: undefined };
  const request = requestOf(deps, event, {
    headers,
    bearer,
    ...within,
    callerNow: async () => bearer && (await callerNow(deps, reader, bearer, request.workspaceId)),
    judge: async () => await authorise(request, access, asked),
  });
  if (operation.effect === 'later') {
    // Rights come first: what is not offered is nobody's business but theirs who could use it.
    if (access.of === 'workspace' && !can(request.caller.permissions, access.right, { kind: 'workspace' })) {
      await authorise(request, access, asked);
    }
    throw notOffered(operation);
  }
  const query = readQuery(event.rawQueryString);
  const body = operation.body === undefined ? undefined : readBody(event.body, event.isBase64Encoded);
  // Whose it is comes before what is wrong with it: a foreign id is not found, whatever else the request says.
  const input = { path, query, body };
  asked = input;
  await authorise(request, access, asked);
  const checked = checkInput(operation, input);
  const handler = handlerOf(id);
  if (handler === undefined) throw notOffered(operation);
  const data = await handler(request, checked);
  if (operation.contentType !== undefined) {
    return {
      statusCode: 200,
      headers: { 'Content-Type': operation.contentType, 'Cache-Control': 'no-store', ...headers },
      ...(Buffer.isBuffer(data) ? { body: data.toString('base64'), isBase64Encoded: true } : { body: String(data) }),
    };
  }
  return json(operation.status ?? 200, operation.bare === true ? data : { data }, headers);
}

function requestOf(
  deps: ApiDeps,
  event: APIGatewayProxyEventV2,
  parts: {
    headers: Record<string, string>;
    bearer: Bearer | undefined;
    caller?: Caller;
    workspace?: Workspace;
    /** Who asks, read anew. */
    callerNow: () => Promise<Caller | undefined>;
    /** Throws ApiFault where the caller, as the request has them, may not do what is asked. */
    judge: () => Promise<void>;
  },
): ApiRequest {
  const { headers, bearer, workspace, judge } = parts;
  let { caller } = parts;
  const { requestId, http } = event.requestContext;
  const author: Author = { actor: actorOf(caller, bearer), requestId, ip: http.sourceIp };
  const control = deps.control(author);
  let config: Promise<WorkspaceConfig> | undefined;
  const readConfig = async (asOfMs?: number): Promise<WorkspaceConfig> => {
    const read = await deps.configs.workspaceConfig(request.workspaceId, asOfMs ?? deps.now().getTime());
    if (read === undefined) throw notFound('workspace', request.workspaceId);
    return read;
  };
  const request: ApiRequest = {
    id: requestId,
    get caller() {
      if (caller === undefined) throw new Error('This operation is of nobody');
      return caller;
    },
    get workspace() {
      if (workspace === undefined) throw new Error('This operation is of no workspace');
      return workspace;
    },
    get workspaceId() {
      return request.workspace.id;
    },
    bearer,
    config: () => (config ??= readConfig()),
    control,
    author,
    deps,
    now: deps.now,
    newId: deps.newId,
    pages: signedPages(workspace?.id ?? '', deps.signingKey),
    may: (right, target) => can(request.caller.permissions, right, target),
    visibleSources: async (right) =>
      (await request.config()).sources.filter(({ id, labels }) => request.may(right, { kind: 'source', id, labels })),
    change: async (decide) => {
      const judged: typeof decide = async (read) => {
        // After the configuration's version was read, which the commit demands: whoever loses a right after this changes the version, and all is decided anew.
        config = Promise.resolve(read);
        caller = await parts.callerNow();
        const decision = await decide(read);
        // Not where nothing is left to save: what was deleted in several commits is not there to be judged after the last.
        if (decision.changes.length > 0) await judge();
        return decision;
      };
      const value = await changeIn(request, request.workspaceId, judged, () => request.config());
      config = undefined;
      return value;
    },
    matchVersion: ({ version }) => {
      headers['ETag'] = `"${version}"`;
      const wanted = event.headers['if-match'];
      if (wanted !== undefined && wanted !== '*' && wanted !== `"${version}"`) throw conflict(CHANGED_MEANWHILE);
    },
    headers,
    asked: { headers: event.headers, method: http.method, path: event.rawPath, ip: http.sourceIp },
  };
  return request;
}

function actorOf(caller: Caller | undefined, bearer: Bearer | undefined): Author['actor'] {
  if (caller?.kind === 'token') return { type: 'token', id: caller.id, name: caller.name };
  if (caller !== undefined) return { type: 'user', id: caller.id, name: caller.name, email: caller.email };
  if (bearer?.kind === 'person' && bearer.person !== undefined) {
    const { id, name, email } = bearer.person;
    return { type: 'user', id, name, email };
  }
  return { type: 'user', id: 'unknown' };
}

/** Throws ApiFault 429 in the original's words once the minute is used up. */
function count(rate: Pick<RateWindow, 'count'>, headers: Record<string, string>, caller: string, max: number): void {
  const counted = rate.count(caller, max);
  Object.assign(headers, rateHeaders(counted));
  if (counted.outcome === 'within') return;
  const msBeforeNext = counted.leftMs;
  throw new ApiFault(
    429,
    [
      {
        type: 'RequestError',
        message: 'Too many requests',
        data: { remainingPoints: 0, msBeforeNext, consumedPoints: counted.consumed },
      },
    ],
    { 'Retry-After': String(Math.ceil(msBeforeNext / 1_000)) },
  );
}

const rateHeaders = ({ consumed, remaining, resetMs }: Counted): Record<string, string> => ({
  'X-RateLimit-Consumed': String(consumed),
  'X-RateLimit-Remaining': String(remaining),
  // RFC 5322, as the original writes it.
  'X-RateLimit-Reset': new Date(resetMs).toUTCString().replace('GMT', '+0000'),
});

const notOffered = ({ summary, issue }: Operation): ApiFault =>
  new ApiFault(501, [
    {
      type: 'not-implemented',
      message: `${summary ?? (issue === undefined ? 'This is not offered yet.' : 'Its numbers are not there yet.')} docs/api.md says what is.`,
    },
  ]);

const faultAnswer = (fault: ApiFault, headers: Record<string, string>): APIGatewayProxyStructuredResultV2 =>
  json(
    fault.status,
    { errors: fault.entries.map((entry) => ({ ...entry, status: fault.status })) },
    { ...headers, ...fault.headers },
  );
