import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { api } from '../../functions/api/api.ts';
import type { ApiDeps } from '../../functions/api/api-deps.ts';
import { router } from '../../functions/api/http/router.ts';
import { documentsAuditLog } from '../../shared/aws/audit-items.ts';
import { controlStore } from '../../shared/aws/control-store.ts';
import { alertMarkStore } from '../../shared/aws/documents-notes.ts';
import { documentsNotifications } from '../../shared/aws/documents-notifications.ts';
import { peopleStore } from '../../shared/aws/people-store.ts';
import { WriteKey } from '../../shared/domain/ids.ts';
import type { ConfigHint } from '../../shared/domain/config-hint.ts';
import { ownerOf, type Permission } from '../../shared/domain/access.ts';
import { Member, Person } from '../../shared/domain/people.ts';
import type { WorkspaceId } from '../../shared/domain/ids.ts';
import { Workspace } from '../../shared/domain/workspace.ts';
import type { Change, ControlStore } from '../../shared/ports/control-store.ts';
import type { Sealer } from '../../shared/ports/sealer.ts';
import { noEvents } from './debug-items.ts';
import { aTestResult } from './a-test-result.ts';
import { fakeAccounts, subjectOf } from './fake-accounts.ts';
import { fakeCatalog } from './fake-catalog.ts';
import { fakeDelivery } from './fake-delivery.ts';
import { fakeHealth } from './fake-health.ts';
import { fakeReplayDesk } from './fake-replay-desk.ts';
import { fakeSuppression } from './fake-suppression.ts';
import { memoryDocuments } from './memory-documents.ts';
import { fakeExports, fakeSchemas } from './schema-stores.ts';
import { fakeUsageMonths } from './usage-stores.ts';
import { anApiToken, aWorkspace } from './workspace-things.ts';

const NOW = '2026-11-26T10:00:00.000Z';
const ISSUER = 'https://issuer.test';
const TABLE = 'control';
/** A table in memory answers some ten times as fast as one that is asked over the network. */
const WAITS_SHORTENED = 10;

/** Seals by a mark that no plain text has, and opens only where the context fits. */
export const fakeSealer: Sealer = {
  seal: async (plain, context) => ({
    sealed: `sealed.${Buffer.from(JSON.stringify([context, plain])).toString('base64url')}`,
  }),
  open: async ({ sealed }, context) => {
    const [stored, plain] = JSON.parse(Buffer.from(sealed.slice('sealed.'.length), 'base64url').toString()) as [
      unknown,
      string,
    ];
    if (JSON.stringify(stored) !== JSON.stringify(context)) throw new Error('another context');
    return plain;
  },
};

export type Asked = {
  /** Text of a bearer token; the world's owner token where nothing is said, none where it is null. */
  bearer?: string | null;
  body?: unknown;
  /** Body as it is, not as JSON. */
  text?: string;
  query?: string;
  headers?: Record<string, string>;
  ip?: string;
};
export type Answered = {
  status: number;
  headers: Record<string, string>;
  data: never;
  errors: { type: string; message: string; field?: string; data?: never; status?: number }[];
  text: string;
};

const match = router();

/** Throws where a good answer is not of the shape that its operation promises, member by member: what no test looks at would else drift. */
function checkAnswer(method: string, path: string, status: number, body: { data?: unknown }): void {
  const found = match(method, path);
  if (status >= 300 || found.outcome !== 'matched') return;
  const { operation, id } = found;
  const parsed = operation.answer?.().safeParse(operation.bare === true ? body : body.data);
  if (parsed === undefined || parsed.success) return;
  const faults = parsed.error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`);
  throw new Error(`The answer of ${id} is not of its shape: ${faults.slice(0, 5).join('; ')}`);
}

/** The API function whole, on a control table in memory: two workspaces, ws_1 with the owner token, ws_2 beside it. */
export async function apiWorld(over: Partial<ApiDeps> = {}) {
  const documents = memoryDocuments();
  const suppression = fakeSuppression();
  const pool = fakeAccounts();
  const exports = fakeExports();
  let time = Date.parse(NOW);
  let count = 0;
  const now = () => new Date((time += 1));
  const newId = (prefix: string) => `${prefix}_${String((count += 1)).padStart(6, '0')}`;
  const hints: ConfigHint[] = [];
  const alertTests: { workspaceId: string; alertId: string }[] = [];
  const people = peopleStore(documents, TABLE);
  const operator = controlStore(documents, TABLE, { now, newAuditId: () => newId('aud'), lanes: 4 });
  /** By subject. A token is `<kind>.<subject>`, or `<kind>.<subject>.<ms>` of a sign-in at another time than NOW. */
  const persons = new Map<string, { issuer: string; subject: string; email: string; name: string }>();
  const desk = fakeReplayDesk(documents, TABLE);
  const deps: ApiDeps = {
    control: (author) => controlStore(documents, TABLE, { author, now, newAuditId: () => newId('aud'), lanes: 4 }),
    configs: { workspaceConfig: (id) => operator.readConfig(id) },
    people,
    personTokens: {
      verifyAccess: async (token) => tokenOf(token, 'access'),
      verifyId: async (token, access) => {
        const found = tokenOf(token, 'id');
        return found?.subject === access.subject ? found : undefined;
      },
    },
    accounts: async () => pool.accounts,
    auditLog: documentsAuditLog(documents, TABLE),
    hints: {
      configChanged: async (hint) => {
        hints.push(hint);
      },
    },
    hookSamples: async () => ({ get: async () => undefined }),
    catalog: fakeCatalog(),
    logos: { get: async (file) => (file === 'tool.svg' ? '<svg xmlns="http://www.w3.org/2000/svg"/>' : undefined) },
    places: { cdnUrl: 'https://cdn.test' },
    sealer: async () => fakeSealer,
    alertSender: {
      wake: async () => {},
      test: async (workspaceId, alertId) => {
        alertTests.push({ workspaceId, alertId });
        return [{ type: 'IN_APP', sent: true, message: 'It is among the notifications.' }];
      },
    },
    alertMarks: alertMarkStore(documents, TABLE),
    notifications: documentsNotifications(documents, TABLE),
    deliver: async () => ({
      check: async () => ({ outcome: 'not-offered' }),
      test: async ({ dryRun }) => aTestResult({ dryRun }),
      trial: async () => aTestResult({ dryRun: true }),
      reseal: async () => ({}),
    }),
    archive: () => Promise.reject(new Error('This world has no archive: pass one')),
    suppression: async () => suppression.store,
    events: async () => noEvents(),
    delivery: fakeDelivery().deps.delivery,
    health: fakeHealth().deps.health,
    status: () => Promise.reject(new Error('This world has no books: pass them')),
    replays: async () => desk,
    usageMonths: async () => fakeUsageMonths(),
    live: () => Promise.reject(new Error('This world has no live numbers: pass them')),
    schemas: async () => fakeSchemas().work,
    exports: async () => exports,
    signingKey: async () => Buffer.alloc(32, 7),
    ownerEmail: 'owner@shop.test',
    now,
    wait: async (ms) => await sleep(ms / WAITS_SHORTENED),
    newId,
    newWriteKey: () => WriteKey.parse(`writekey${String((count += 1)).padStart(24, '0')}`),
    ...over,
  };
  const work = api(deps);

  function tokenOf(text: string, kind: 'access' | 'id') {
    const [tag, subject = '', signedInMs] = text.split('.');
    const person = persons.get(subject);
    if (tag !== kind || person === undefined) return undefined;
    const who =
      kind === 'id'
        ? { email: person.email, emailVerified: true, name: person.name }
        : { email: undefined, emailVerified: undefined, name: undefined };
    return {
      kind,
      issuer: person.issuer,
      subject,
      username: subject,
      clientId: 'app',
      ...who,
      signedInAt: signedInMs === undefined ? NOW : new Date(Number(signedInMs)).toISOString(),
      expiresAt: '2026-11-26T11:00:00.000Z',
    };
  }

  const commit = async (workspaceId: WorkspaceId, changes: readonly Change[], store: ControlStore = operator) => {
    const result = await store.commit(workspaceId, changes, { writeId: newId('write') });
    if (result.outcome !== 'saved') throw new Error('stale');
  };

  const world = {
    deps,
    documents,
    /** Orders to replay, their runs and what the runner was told. */
    desk,
    /** Alerts whose test was asked for. */
    alertTests,
    hints,
    people,
    /** The user pool. */
    pool,
    /** A store with the rights of an operator, for setting things up. */
    control: operator,
    commit,
    newId,
    now,
    advance: (ms: number) => {
      time += ms;
    },
    /** Makes a token with these permissions and answers its text. */
    token: async (permissions: Permission[], workspaceId = 'ws_1'): Promise<string> => {
      const text = `tby_${randomBytes(16).toString('hex')}`;
      const thing = anApiToken({
        id: newId('tok'),
        workspaceId,
        sha256: createHash('sha256').update(text).digest('hex'),
        permissions,
      });
      await commit(thing.workspaceId, [{ kind: 'apiToken', verb: 'save', thing }]);
      return text;
    },
    /** Somebody with an account; as member of a workspace where permissions are given. Answers the bearer text of their access token. */
    person: async (
      email: string,
      permissions?: Permission[],
      workspaceId = 'ws_1',
    ): Promise<{ bearer: string; idToken: string; id: string }> => {
      const subject = subjectOf(email);
      const name = email.split('@')[0] ?? '';
      persons.set(subject, { issuer: ISSUER, subject, email, name });
      const stored = { version: 0, createdAt: NOW, updatedAt: NOW };
      const tokens = { bearer: `access.${subject}`, idToken: `id.${subject}` };
      if (permissions === undefined) return { ...tokens, id: '' };
      let person = await people.findBySubject(ISSUER, subject);
      if (person === undefined) {
        person = Person.parse({ id: newId('usr'), email, name, issuer: ISSUER, subject, ...stored });
        await people.savePerson(person, newId('write'));
      }
      const member = Member.parse({ personId: person.id, workspaceId, email, name, permissions, ...stored });
      await commit(member.workspaceId, [{ kind: 'member', verb: 'save', thing: member }]);
      return { ...tokens, id: person.id };
    },
    call: async (method: string, path: string, asked: Asked = {}): Promise<Answered> => {
      const bearer = asked.bearer === undefined ? ownerToken : asked.bearer;
      const event = {
        version: '2.0',
        routeKey: '$default',
        rawPath: path,
        rawQueryString: asked.query ?? '',
        headers: {
          ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
          ...asked.headers,
        },
        requestContext: {
          requestId: newId('req'),
          http: { method, path, sourceIp: asked.ip ?? '192.0.2.1', protocol: 'HTTP/1.1', userAgent: 'test' },
        },
        body: asked.text ?? (asked.body === undefined ? undefined : JSON.stringify(asked.body)),
        isBase64Encoded: false,
      } as unknown as APIGatewayProxyEventV2;
      const answer = await work(event);
      const text = answer.body ?? '';
      const isJson = text !== '' && String(answer.headers?.['Content-Type']).startsWith('application/json');
      const body = isJson ? (JSON.parse(text) as { data?: never; errors?: Answered['errors'] }) : {};
      if (isJson) checkAnswer(method, path, answer.statusCode ?? 0, body);
      return {
        status: answer.statusCode ?? 0,
        headers: answer.headers as Record<string, string>,
        data: body.data as never,
        errors: body.errors ?? [],
        text,
      };
    },
  };

  for (const thing of [aWorkspace(), aWorkspace({ id: 'ws_2', slug: 'other', name: 'Other' })]) {
    await commit(Workspace.parse(thing).id, [{ kind: 'workspace', verb: 'save', thing }]);
  }
  const workspaceId = aWorkspace().id;
  const ownerToken = await world.token([ownerOf(workspaceId)]);
  return { ...world, ownerToken };
}
