import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { hourOf } from '../../shared/domain/timestamp.ts';
import type { Workspace, WorkspaceConfig } from '../../shared/domain/workspace.ts';
import { failure, json } from '../../shared/http/answers.ts';
import type { HttpWork } from '../../shared/http/http-handler.ts';
import type { ControlStore } from '../../shared/ports/control-store.ts';
import { tokenOf } from './authorise.ts';
import { readBalance } from './read-balance.ts';
import { BOOK_HOURS_MAX } from './read-books.ts';
import { readStatus, STATUS_HOURS, type StatusDeps } from './read-status.ts';
import { STATUS_PAGE, STATUS_PAGE_HEADERS } from './status-page.ts';

export type ApiDeps = StatusDeps & {
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

/** GET /app-api/balance?from=2026-11-24T00&to=2026-11-24T10: hours in UTC, both included; the last STATUS_HOURS where they are left out. */
async function balance(
  deps: ApiDeps,
  event: APIGatewayProxyEventV2,
  _workspace: Workspace,
  config: WorkspaceConfig,
): Promise<APIGatewayProxyStructuredResultV2> {
  const now = deps.now();
  const to = event.queryStringParameters?.['to'] ?? hourOf(now.toISOString());
  const from =
    event.queryStringParameters?.['from'] ??
    hourOf(new Date(now.getTime() - (STATUS_HOURS - 1) * 3_600_000).toISOString());
  if (!HOUR.test(from) || !HOUR.test(to) || Number.isNaN(Date.parse(`${from}:00:00.000Z`))) {
    return failure(400, 'bad-request', 'from and to are hours in UTC, such as 2026-11-24T10.');
  }
  const hours = (Date.parse(`${to}:00:00.000Z`) - Date.parse(`${from}:00:00.000Z`)) / 3_600_000 + 1;
  if (!(hours >= 1 && hours <= BOOK_HOURS_MAX)) {
    return failure(
      400,
      'bad-request',
      `from must not be after to, and at most ${BOOK_HOURS_MAX} hours lie between them.`,
    );
  }
  return json(200, await readBalance(deps.books, config, { from, to }));
}
