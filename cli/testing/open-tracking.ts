import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type Api, apiOf, isRecord, listIn, textIn } from './api.ts';
import { eventFeed } from './event-feed.ts';
import { expectations, TrackingError } from './expectations.ts';
import { findEndpoints } from './find-endpoints.ts';
import type { Refused } from './say-failure.ts';
import type { Endpoints, Tracking, TrackingOptions } from './types.ts';

/** Clocks of one machine agree; what was received in the moment of the call belongs to it. */
const FROM_EARLIER_MS = 1_000;
/** Refusals are told with a later request of the same environment, and read from rows that route writes. */
const REFUSALS_MS = 1_500;
const REFUSALS_LOOK_MS = 250;
/** Sources and destinations that are looked through by name. */
const PAGES_MAX = 50;
const PAGE = 100;
const EVERY_TYPE = ['track', 'identify', 'page', 'screen', 'group', 'alias']
  .map((type) => `type = "${type}"`)
  .join(' or ');

/** Opens the events of one source of a local edition. Throws TrackingError where there is none, or no such source. */
export async function openTracking(options: TrackingOptions = {}): Promise<Tracking> {
  const endpoints = findEndpoints(options.endpoints);
  const api = apiOf(endpoints);
  const from = new Date(Date.now() - FROM_EARLIER_MS);
  const source = options.source === undefined ? await newSource(api) : await sourceCalled(api, options.source);
  const isOwn = options.source === undefined;
  if (isOwn && options.sink === true) await addSink(api, source, endpoints);
  // Everything is kept for 15 minutes, however much comes; after that a busy source is sampled.
  await api('POST', `/app-api/sources/${source.id}/keep-all`, { body: { on: true } });

  const feed = eventFeed(api, source.id, from);
  const before = await refusalsNow(api);
  const deps = {
    api,
    feed,
    sourceId: source.id,
    refusals: () => refusalsSince(api, before, { source, endpoints }),
    nowMs: Date.now,
    wait: async (ms: number) => await wait(ms),
  };
  return {
    ...expectations(deps),
    sourceId: source.id,
    writeKey: source.writeKey,
    trackingUrl: endpoints.trackingUrl,
    cdnUrl: endpoints.cdnUrl,
    events: () => feed.read(),
    clear: () => feed.clear(),
    close: async () => {
      if (isOwn) await api('DELETE', `/sources/${source.id}`);
    },
  };
}

type OpenSource = { id: string; slug: string; writeKey: string };

async function newSource(api: Api): Promise<OpenSource> {
  const slug = `tracking-test-${randomBytes(6).toString('hex')}`;
  const answer = await api('POST', '/sources', { body: { slug, enabled: true, metadataId: 'javascript' } });
  return sourceOf(isRecord(answer) ? answer['source'] : undefined);
}

async function sourceCalled(api: Api, slug: string): Promise<OpenSource> {
  const slugs: string[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const query = { 'pagination[count]': String(PAGE), ...(cursor !== undefined && { 'pagination[cursor]': cursor }) };
    const answer = await api('GET', '/sources', { query });
    for (const one of listIn(answer, 'sources')) {
      if (textIn(one, 'slug') === slug) return sourceOf(one);
      slugs.push(textIn(one, 'slug') ?? '');
    }
    cursor = textIn(isRecord(answer) ? answer['pagination'] : undefined, 'next');
    if (cursor === undefined) break;
  }
  throw new TrackingError(`There is no source "${slug}"; there are: ${slugs.slice(0, 20).join(', ')}`);
}

function sourceOf(value: unknown): OpenSource {
  const writeKey = listIn(value, 'writeKeys').find((key) => typeof key === 'string');
  const [id, slug] = [textIn(value, 'id'), textIn(value, 'slug')];
  if (id === undefined || slug === undefined || typeof writeKey !== 'string') {
    throw new TrackingError(`The source ${slug ?? ''} has no write key that may be read.`);
  }
  return { id, slug, writeKey };
}

/** A webhook that sends everything to the local sink, at a path of its own. */
async function addSink(api: Api, source: OpenSource, { sinkUrl }: Endpoints): Promise<void> {
  if (sinkUrl === null) throw new TrackingError('This local edition has no sink.');
  const made = await api('POST', '/destinations', {
    body: { sourceId: source.id, metadataId: 'webhook', name: 'Sink', settings: {} },
  });
  const id = textIn(isRecord(made) ? made['destination'] : undefined, 'id') ?? '';
  await api('POST', `/destinations/${id}/subscriptions`, {
    body: {
      name: 'Everything',
      actionId: 'send',
      trigger: EVERY_TYPE,
      enabled: true,
      settings: { url: `${sinkUrl}/${source.slug}`, method: 'POST', data: { '@path': '$.' } },
    },
  });
  await api('PATCH', `/destinations/${id}`, { body: { enabled: true } });
}

/** Counts by line of the last two hours, of the whole deployment. */
async function refusalsNow(api: Api): Promise<ReadonlyMap<string, Refused>> {
  const status = await api('GET', '/app-api/status').catch(() => undefined);
  const lines = listIn(status, 'refusals').map((line): Refused => {
    const [writeKey, sourceId] = [textIn(line, 'writeKey'), textIn(line, 'sourceId')];
    const count = isRecord(line) && typeof line['count'] === 'number' ? line['count'] : 0;
    return {
      reason: textIn(line, 'reason') ?? '',
      count,
      ...(writeKey !== undefined && { writeKey }),
      ...(sourceId !== undefined && { sourceId }),
    };
  });
  return new Map(lines.map((line) => [`${line.reason} ${line.sourceId ?? ''} ${line.writeKey ?? ''}`, line]));
}

/**
 * What was refused since then and may concern this source: its own, and what names no source. Ingest tells with the next request, so there is one: a batch
 * of no events.
 */
async function refusalsSince(
  api: Api,
  before: ReadonlyMap<string, Refused>,
  { source, endpoints }: { source: OpenSource; endpoints: Endpoints },
): Promise<Refused[]> {
  const body = JSON.stringify({ writeKey: source.writeKey, batch: [] });
  await fetch(`${endpoints.trackingUrl}/v1/batch`, { method: 'POST', body }).catch(() => undefined);
  const endMs = Date.now() + REFUSALS_MS;
  for (;;) {
    const since = [...(await refusalsNow(api))].flatMap(([name, line]) => {
      const count = line.count - (before.get(name)?.count ?? 0);
      return count > 0 && (line.sourceId ?? source.id) === source.id ? [{ ...line, count }] : [];
    });
    if (since.length > 0 || Date.now() >= endMs) return since;
    await wait(REFUSALS_LOOK_MS);
  }
}
