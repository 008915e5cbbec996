import type { ActionDefinition, DestinationDefinition, RequestClient } from '@segment/actions-core';
import { type JsonObject, own } from '../../../domain/json.ts';
import { DiscardError, invalidSettings, rejected } from '../discard-error.ts';
import { objectOf, textOf } from '../payload-values.ts';
import { mappedEvents } from './events.ts';
import { PAGE_FIELDS, SETTINGS, TRACK_FIELDS } from './fields.ts';
import { hitXml } from './hit.ts';

/** Where Adobe reads XML: no report suite in the path (it stands in the body), and the answer as XML, which alone tells a failure. */
const PATH = '/b/ss//6';
const HOST = /^(?:(https?):\/\/)?([A-Za-z0-9.-]+(?::\d{1,5})?)\/?$/;

type Action = ActionDefinition<JsonObject, JsonObject>;

const track: Action = {
  title: 'Track',
  description: 'Send a track call as a custom link with the events that its name is mapped to.',
  defaultSubscription: 'type = "track"',
  fields: TRACK_FIELDS,
  perform: async (request, { settings, payload }) => {
    const event = textOf(own(payload, 'event')) ?? '';
    const events = mappedEvents(objectOf(own(settings, 'eventsV2')), event);
    // An event that nobody mapped means nothing to a report suite: the classic destination does not send it either.
    if (events.length === 0) {
      throw new DiscardError('NO_MATCHING_MAPPING', `The event ${event} is not in the map of events`);
    }
    return await insert(request, settings, hitXml({ settings, payload, kind: 'link', events }));
  },
};

const pageView: Action = {
  title: 'Page view',
  description: 'Send a page or screen call as a page view.',
  defaultSubscription: 'type = "page" or type = "screen"',
  fields: PAGE_FIELDS,
  perform: async (request, { settings, payload }) =>
    await insert(request, settings, hitXml({ settings, payload, kind: 'page', events: [] })),
};

/** Adobe Analytics in cloud mode, by the Data Insertion API. Each event is a request: the API takes one hit at a time. */
export const definition: DestinationDefinition<JsonObject> = {
  name: 'Adobe Analytics',
  mode: 'cloud',
  authentication: { scheme: 'custom', fields: SETTINGS },
  actions: { track, pageView },
};

/** Adobe answers 200 to what it does not take. Only its own word that it took the hit counts. */
async function insert(request: RequestClient, settings: JsonObject, body: string): Promise<unknown> {
  const answer = await request(urlOf(settings), {
    method: 'post',
    headers: { 'content-type': 'application/xml; charset=utf-8', accept: 'application/xml' },
    body,
  });
  const text = typeof answer.content === 'string' ? answer.content : '';
  const status = /<status>\s*(\w+)\s*<\/status>/i.exec(text)?.[1]?.toUpperCase();
  if (status === 'SUCCESS') return answer;
  if (status === 'FAILURE') {
    const reason = /<reason>([^<]*)<\/reason>/i.exec(text)?.[1]?.trim();
    throw rejected(`Adobe refused it: ${reason === undefined || reason === '' ? 'it gave no reason' : reason}`);
  }
  // Somebody else's answer, or half of one: nothing says that the hit was taken.
  throw Object.assign(
    new Error('The answer does not say that Adobe took the hit: is this its data collection server?'),
    {
      code: 'RETRYABLE_ERROR',
    },
  );
}

function urlOf(settings: JsonObject): string {
  const [, scheme = 'https', host] = HOST.exec(textOf(own(settings, 'trackingServerUrl'))?.trim() ?? '') ?? [];
  if (host === undefined) throw invalidSettings('trackingServerUrl must be a host, such as example.sc.omtrdc.net');
  return `${scheme}://${host}${PATH}`;
}
