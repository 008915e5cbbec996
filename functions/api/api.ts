import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { BalanceLine } from '../../shared/books/read-balance.ts';
import { BOOK_DAYS_MAX } from '../../shared/books/read-book.ts';
import { LEDGER_HOUR_DAYS } from '../../shared/config/limits.ts';
import { dayOf, dayPlus, hourOf } from '../../shared/domain/timestamp.ts';
import type { Workspace, WorkspaceConfig } from '../../shared/domain/workspace.ts';
import { failure, json } from '../../shared/http/answers.ts';
import type { HttpWork } from '../../shared/http/http-handler.ts';
import type { ControlStore } from '../../shared/ports/control-store.ts';
import { tokenOf } from './authorise.ts';
import { readStatus, type StatusDeps } from './read-status.ts';
import { STATUS_PAGE, STATUS_PAGE_HEADERS } from './status-page.ts';

export type ApiDeps = StatusDeps & {
  /** Of hours, both included, or of all time. */
  balance: (config: WorkspaceConfig, hours?: { from: string; to: string }) => Promise<BalanceLine[]>;
  control: Pick<ControlStore, 'findApiToken' | 'getWorkspace' | 'readConfig'>;
};

type Route = (
  deps: ApiDeps,
  event: APIGatewayProxyEventV2,
  workspace: Workspace,
  config: WorkspaceConfig,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** Routes that need a token; each sees the token's own workspace only. */
const ROUTES: Record<string, Route> = {
  'GET /app-api/status': async (deps, _event, workspace, config) =>
    json(200, { data: await readStatus(deps, workspace, config) }),
  'GET /app-api/balance': balance,
};

/**
 * The HTTP face of the control plane: the status page at `/`, and JSON under `/app-api` for bearers of an API token, in the Public API's
 * envelope ({data} or {errors}).
 */
export const api =
  (deps: ApiDeps): HttpWork =>
  async (event) => {
    const { method, path } = event.requestContext.http;
    if (method === 'GET' && path === '/') return { statusCode: 200, headers: STATUS_PAGE_HEADERS, body: STATUS_PAGE };
    const route = Object.hasOwn(ROUTES, `${method} ${path}`) ? ROUTES[`${method} ${path}`] : undefined;
    if (route === undefined) return failure(404, 'not-found', `There is no ${method} ${path.slice(0, 128)}.`);
    const token = await tokenOf(deps.control, event);
    if (token === undefined) {
      return failure(401, 'unauthenticated', 'Send an API token as "Authorization: Bearer <token>".', {
        'WWW-Authenticate': 'Bearer',
      });
    }
    const [workspace, config] = await Promise.all([
      deps.control.getWorkspace(token.workspaceId),
      deps.control.readConfig(token.workspaceId),
    ]);
    if (workspace === undefined || config === undefined) {
      return failure(404, 'not-found', 'The workspace of this token is gone.');
    }
    return await route(deps, event, workspace, config);
  };

const HOUR = /^\d{4}-\d\d-\d\dT\d\d$/;

/**
 * GET /app-api/balance: everything since the deployment began. With `?from=2026-11-24T00&to=2026-11-24T10`, hours in UTC, both included, only
 * of those, and what was in flight before them; `to` is the present hour where it is left out.
 */
async function balance(
  deps: ApiDeps,
  event: APIGatewayProxyEventV2,
  _workspace: Workspace,
  config: WorkspaceConfig,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { from, to = hourOf(deps.now().toISOString()) } = event.queryStringParameters ?? {};
  if (from === undefined) {
    if (event.queryStringParameters?.['to'] !== undefined) return failure(400, 'bad-request', 'to needs a from.');
    return json(200, await deps.balance(config));
  }
  const fault = faultOf(from, to, dayOf(deps.now().toISOString()));
  if (fault !== undefined) return failure(400, 'bad-request', fault);
  return json(200, await deps.balance(config, { from, to }));
}

function faultOf(from: string, to: string, today: string): string | undefined {
  if (![from, to].every((hour) => HOUR.test(hour) && !Number.isNaN(Date.parse(`${hour}:00:00.000Z`)))) {
    return 'from and to are hours in UTC, such as 2026-11-24T10.';
  }
  if (from > to) return 'from must not be after to.';
  if (dayOf(from) < dayPlus(today, -BOOK_DAYS_MAX + 1)) return `from must not be over ${BOOK_DAYS_MAX - 1} days ago.`;
  const oldest = dayPlus(today, -LEDGER_HOUR_DAYS + 1);
  const isSplit = (day: string, isWhole: boolean): boolean => day < oldest && !isWhole;
  if (isSplit(dayOf(from), from.endsWith('T00')) || isSplit(dayOf(to), to.endsWith('T23'))) {
    return `Before ${oldest} there are whole days only: from ends in T00, to in T23.`;
  }
  return undefined;
}
