import type { ApiDeps } from '../../../functions/api/api-deps.ts';
import { ownerOf } from '../../../shared/domain/access.ts';
import type { Regulation } from '../../../shared/domain/suppression.ts';
import type { SuppressionStore } from '../../../shared/ports/suppression-store.ts';
import { apiWorld } from '../api-world.ts';
import { aDestination, aFilter, aMapping, aSource, aWorkspace, aWriteKey } from '../workspace-things.ts';

/** A mark that everything of the other workspace bears: it may be in no answer. */
export const OTHERS_MARK = 'of-somebody-else';
const WEBHOOK = { type: 'webhook', settings: { url: 'https://example.com/hook' } };

/** Two workspaces with one of everything each. Answers the world and what a request may name. */
export async function fuzzWorld(over: Partial<ApiDeps> = {}) {
  const world = await apiWorld({
    suppression: async () => memorySuppression(),
    status: async () => ({
      status: async () => ({}) as never,
      balance: async () => [],
    }),
    ...over,
  });
  const { commit, people } = world;
  const one = aWorkspace().id;
  const two = aWorkspace({ id: 'ws_2', slug: 'other', name: 'Other' }).id;
  for (const [workspaceId, tag, mark] of [
    [one, '1', 'of-shop'],
    [two, '2', OTHERS_MARK],
  ] as const) {
    const of = { workspaceId };
    const sourceId = `src_${tag}`;
    const destinationId = `dst_${tag}`;
    await commit(workspaceId, [
      {
        kind: 'label',
        verb: 'save',
        thing: { ...stored, ...of, key: 'env', value: `v${tag}`, description: mark } as never,
      },
      { kind: 'source', verb: 'save', thing: aSource({ ...of, id: sourceId, slug: `web-${tag}`, name: mark }) },
      { kind: 'writeKey', verb: 'save', thing: aWriteKey({ ...of, sourceId, writeKey: `wk_${tag.repeat(20)}` }) },
      {
        kind: 'destination',
        verb: 'save',
        thing: aDestination({ ...of, ...WEBHOOK, id: destinationId, sourceId, name: mark }),
      },
      {
        kind: 'mapping',
        verb: 'save',
        thing: aMapping({ ...of, id: `map_${tag}`, destinationId, action: 'send', name: mark }),
      },
      { kind: 'filter', verb: 'save', thing: aFilter({ ...of, id: `flt_${tag}`, destinationId, title: mark }) },
    ]);
  }
  const other = await world.person('someone@other.test', [ownerOf(two)], two);
  const member = await world.person('ada@shop.test', [ownerOf(one)], one);
  void people;
  const pools = {
    'path.sourceId': ['src_1', 'src_1', 'src_2', 'src_none'],
    'path.destinationId': ['dst_1', 'dst_1', 'dst_2', 'dst_none'],
    'path.id': ['map_1', 'map_2', 'none'],
    'path.key': ['env', 'none'],
    'path.value': ['v1', 'v2'],
    sourceId: ['src_1', 'src_1', 'src_2'],
    destinationId: ['dst_1', 'dst_2'],
    filterId: ['flt_1', 'flt_2', 'none'],
    writeKey: [`wk_${'1'.repeat(20)}`, `wk_${'2'.repeat(20)}`],
    userId: [member.id, other.id, 'usr_none'],
    userIds: [member.id, other.id],
    metadataId: ['website', 'webhook', 'server', 'none'],
    destinationMetadataId: ['webhook', 'slack', 'none'],
    sourceMetadataId: ['website', 'none'],
    actionId: ['webhook.send', 'send', 'none'],
    trigger: ['type = "track"', 'event = "Order Completed"', 'not FQL at all ((', 'all'],
    if: ['all', 'type = "track"', 'event = "x" and', 'properties.total > 3'],
    slug: ['web-9', 'Bad Slug', 'shop-2'],
    roleId: ['workspace-owner', 'source-admin', 'no-such-role'],
    email: ['ada@shop.test', 'new@shop.test', 'not an address'],
    emails: ['ada@shop.test', 'new@shop.test'],
    'PermissionResourceV1.id': ['ws_1', 'ws_2', 'src_1', 'src_2'],
    key: ['env', 'team'],
    value: ['v1', 'v3', 'not a label'],
    subjectIds: ['u1', 'u2'],
    regulateId: ['reg_none'],
    period: ['2026-11-01', 'November'],
    startTime: ['2026-11-20T00:00:00.000Z', 'yesterday'],
    endTime: ['2026-11-27T00:00:00.000Z', '2026'],
    from: ['2026-11-24T00', 'now'],
    settings: [{}, { url: 'https://example.com/hook' }, { url: 'javascript:alert(1)' }, { nonsense: 1 }],
    delay: [0, 1, 2],
    triggerUnexpectedError: [false],
    statusCode: [200, 400, 404, 499],
  };
  return { ...world, pools };
}

const stored = { version: 0, createdAt: '2026-11-24T10:00:00.000Z', updatedAt: '2026-11-24T10:00:00.000Z' };

/** Who is suppressed, in memory. */
function memorySuppression(): SuppressionStore {
  const suppressed = new Set<string>();
  const regulations: Regulation[] = [];
  return {
    regulate: async (regulation) => {
      const before = suppressed.size;
      for (const userId of regulation.userIds) {
        if (regulation.type === 'UNSUPPRESS') suppressed.delete(userId);
        else suppressed.add(userId);
      }
      regulations.unshift(regulation);
      return { changed: Math.abs(suppressed.size - before), suppressed: suppressed.size };
    },
    getRegulation: async (_workspaceId, id) => regulations.find((one) => one.id === id),
    suppressed: async () => suppressed,
    listRegulations: async (_workspaceId, { before = 0, limit }) => {
      const page = regulations.slice(before, before + limit);
      const next = before + page.length;
      return { regulations: page, ...(next < regulations.length && { next }) };
    },
  };
}
