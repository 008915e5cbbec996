import { inParallel } from '../../../shared/aws/in-parallel.ts';
import { bucketed } from '../../../shared/domain/delivery/buckets-of-details.ts';
import {
  type CellFilter,
  type Dimension,
  type Group,
  groupCells,
  seriesOf,
} from '../../../shared/domain/delivery/groups.ts';
import { sourceCells } from '../../../shared/domain/delivery/steps.ts';
import type { Source } from '../../../shared/domain/workspace.ts';
import { createHash } from 'node:crypto';
import type { HandlersOf } from '../http/request.ts';
import { askedBuckets, OVERVIEW_RULES, readWithin } from '../resources/asked-range.ts';
import { dimensionsOf } from '../resources/cell-groups.ts';
import { sourceIn } from '../resources/find-things.ts';

const PATH = '/events/volume';
const KIND_DIMENSIONS = ['eventName', 'eventType', 'appVersion'] as const satisfies readonly Dimension[];
const VOLUME_DIMENSIONS = [...KIND_DIMENSIONS, 'source'] as const;
/** Entries of all pages together (public-api.md): of more, the rarest are left out, and `total` of each stays right. */
const ENTRIES_MAX = 5_000;
/** Sources read at once. */
const SOURCES_AT_ONCE = 8;
const POINT_BYTES = 50;

type Entry = { source: Source | undefined; group: Group };

export const eventsVolumeHandlers: HandlersOf<'getEventsVolumeFromWorkspace'> = {
  getEventsVolumeFromWorkspace: async (request, { query }) => {
    const { granularity, startTime, endTime, groupBy, sourceId, eventName, eventType, appVersion, pagination } = query;
    const config = await request.config();
    const sources = sourceId === undefined ? config.sources : [...new Set(sourceId)].map((id) => sourceIn(config, id));
    const by = dimensionsOf(groupBy, VOLUME_DIMENSIONS, 'Volume');
    const { unit, ...buckets } = askedBuckets(query, OVERVIEW_RULES, request.now().getTime());
    const filter: CellFilter = withoutAbsent({ eventName, eventType, appVersion });
    const { details } = await request.deps.delivery();
    const range = { from: buckets.from, to: buckets.to, step: unit };
    const read = async (source: Source) => {
      const steps = await readWithin('startTime', () =>
        details.source(source.id, { ...range, since: source.createdAt }),
      );
      return bucketed(steps, buckets, ({ lines }) => sourceCells('SUCCESSFULLY_RECEIVED', lines));
    };
    const cells = (await inParallel(sources, SOURCES_AT_ONCE, read)).map((one, index) => ({
      source: sources[index],
      cells: one,
    }));
    const ofKind = KIND_DIMENSIONS.filter((one) => by.includes(one));
    const sum = { by: ofKind, filter };
    const entries: Entry[] = by.includes('source')
      ? cells.flatMap(({ source, cells: own }) => groupCells(own, sum).map((group) => ({ source, group })))
      : groupCells(
          cells.flatMap((one) => one.cells),
          sum,
        ).map((group) => ({ source: undefined, group }));
    const most = entries.toSorted((a, b) => b.group.total.count - a.group.total.count).slice(0, ENTRIES_MAX);
    const page = await request.pages.cut(
      { name: `volume ${by.join()}`, items: most, keyOf, bytesOf: () => buckets.starts.length * POINT_BYTES + 1_500 },
      pagination,
    );
    return {
      path: PATH,
      query: {
        workspaceId: request.workspaceId,
        granularity,
        startTime,
        endTime,
        ...withoutAbsent({ groupBy, sourceId, eventName, eventType, appVersion }),
        ...(pagination?.count !== undefined && { limit: pagination.count }),
      },
      result: page.items.map(({ source, group }) => ({
        ...(source !== undefined && { source: { id: source.id, name: source.name, slug: source.slug } }),
        ...Object.fromEntries(Object.entries(group.values).filter(([, value]) => value !== '')),
        total: group.total.count,
        series: seriesOf(group, buckets.starts.length).map(({ count }, bucket) => ({
          time: buckets.starts[bucket] ?? '',
          count,
        })),
      })),
      pagination: page.pagination,
    };
  },
};

function keyOf({ source, group }: Entry): string {
  const text = JSON.stringify([source?.id, group.values]);
  return `${source?.slug ?? ''} ${createHash('sha256').update(text).digest('base64url')}`;
}

const withoutAbsent = <T>(members: Readonly<Record<string, T | undefined>>): Record<string, T> =>
  Object.fromEntries(Object.entries(members).filter((entry): entry is [string, T] => entry[1] !== undefined));
