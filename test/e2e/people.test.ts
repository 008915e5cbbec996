import { type Running, runTributary } from '../builders/running-tributary.ts';
import { signIn } from '../builders/sign-in.ts';

const PASSWORD = 'correct horse battery staple';
const ADDRESS = 'ada@example.com';

let running: Running;
beforeAll(async () => {
  running = await runTributary();
}, 120_000);
afterAll(async () => {
  await running?.kill();
}, 30_000);

type Answer = { status: number; data: never; errors: { type: string }[] };
async function call(method: string, path: string, bearer: string | undefined, body?: unknown): Promise<Answer> {
  const answer = await fetch(`${running.endpoints.apiUrl}${path}`, {
    method,
    headers: bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, ...((await answer.json()) as { data: never; errors: [] }) };
}

test('the owner signs in and owns what the seed made, invites somebody, who makes an account, accepts, may what they were given, and is gone when removed', async () => {
  const { signIn: place } = running.endpoints;
  const owner = await signIn(place, 'demo owner');
  const signedIn = await call('POST', '/app-api/sign-in', owner.accessToken, { idToken: owner.idToken });
  expect(signedIn).toMatchObject({ status: 200, data: { workspaces: [{ slug: expect.any(String) }] } });
  await expect(call('GET', '/users', owner.accessToken)).resolves.toMatchObject({ status: 200, data: { users: [{}] } });

  const { workspaces } = signedIn.data as { workspaces: { id: string }[] };
  const permissions = [{ roleId: 'source-read-only', resources: [{ id: workspaces[0]?.id, type: 'WORKSPACE' }] }];
  const invited = await call('POST', '/app-api/invites', owner.accessToken, { email: ADDRESS, permissions });
  expect(invited.status).toBe(201);
  const { token } = invited.data as { token: string };
  const account = { token, password: PASSWORD, name: 'Ada' };
  await expect(call('POST', '/app-api/invites/account', undefined, account)).resolves.toMatchObject({ status: 200 });
  // Once more, with another password: the answer is the same, and the first one stays.
  const again = { ...account, password: 'another password altogether' };
  await expect(call('POST', '/app-api/invites/account', undefined, again)).resolves.toMatchObject({ status: 200 });

  const ada = await signIn(place, { email: ADDRESS, password: PASSWORD });
  await call('POST', '/app-api/sign-in', ada.accessToken, { idToken: ada.idToken });
  await expect(call('GET', '/', ada.accessToken)).resolves.toMatchObject({ status: 404 });
  const accepted = await call('POST', '/app-api/invites/accept', ada.accessToken, { token });
  expect(accepted).toMatchObject({ status: 200, data: { workspace: { id: workspaces[0]?.id } } });
  await expect(call('POST', '/app-api/invites/accept', ada.accessToken, { token })).resolves.toMatchObject({
    status: 404,
  });

  const me = await call('GET', '/app-api/me', ada.accessToken);
  expect(me).toMatchObject({ data: { user: { email: ADDRESS, name: 'Ada' }, workspaces: [{ isOwner: false }] } });
  await expect(call('GET', '/', ada.accessToken)).resolves.toMatchObject({ status: 200 });
  await expect(call('GET', '/users', ada.accessToken)).resolves.toMatchObject({ status: 401 });

  const { user } = me.data as { user: { id: string } };
  await expect(call('DELETE', `/users?userIds=${user.id}`, owner.accessToken)).resolves.toMatchObject({ status: 200 });
  await expect(call('GET', '/', ada.accessToken)).resolves.toMatchObject({ status: 404 });
  const trail = await call('GET', '/app-api/audit-events?event=User%20Removed', owner.accessToken);
  expect(trail).toMatchObject({ data: { events: [{ resource: { name: ADDRESS }, before: { permissions } }] } });
}, 60_000);

test('an API token is made, used and gone at the next request; a workspace is made once', async () => {
  const { signIn: place } = running.endpoints;
  const { accessToken, idToken } = await signIn(place, 'demo owner');
  const signedIn = await call('POST', '/app-api/sign-in', accessToken, { idToken });
  const [workspace] = (signedIn.data as { workspaces: { id: string }[] }).workspaces;
  const permissions = [{ roleId: 'workspace-owner', resources: [{ id: workspace?.id, type: 'WORKSPACE' }] }];
  const made = await call('POST', '/app-api/tokens', accessToken, { name: 'CI', permissions });
  const { token, text } = made.data as { token: { id: string }; text: string };
  await expect(call('GET', '/users', text)).resolves.toMatchObject({ status: 200 });
  await call('DELETE', `/app-api/tokens/${token.id}`, accessToken);
  await expect(call('GET', '/users', text)).resolves.toMatchObject({ status: 401 });

  const second = { name: 'Second', slug: 'second' };
  await expect(call('POST', '/app-api/workspaces', accessToken, second)).resolves.toMatchObject({ status: 201 });
  await expect(call('POST', '/app-api/workspaces', accessToken, second)).resolves.toMatchObject({ status: 409 });
  await expect(call('GET', '/app-api/workspaces', accessToken)).resolves.toMatchObject({
    data: { workspaces: expect.arrayContaining([expect.objectContaining({ slug: 'second', isOwner: true })]) },
  });
}, 60_000);
