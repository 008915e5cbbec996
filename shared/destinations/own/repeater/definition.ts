import type { ActionDefinition, DestinationDefinition, RequestClient } from '@segment/actions-core';
import { EVENT_BYTES_MAX } from '../../../config/limits.ts';
import { type JsonObject, own } from '../../../domain/json.ts';
import { secretsOf } from '../../../domain/secret-list.ts';
import { outcomeOfError } from '../../outcome-of.ts';
import { currentSendContext } from '../../send-context.ts';
import { DiscardError, invalidSettings, rejected } from '../discard-error.ts';
import { loadCore } from '../load-core.ts';
import { objectOf, textOf } from '../payload-values.ts';
import { batchBodies } from './batches.ts';
import { mayGoTo, repeated } from './repeat-chain.ts';

/** Keys of one Repeater: each is a request of its own in one send. */
const KEYS_MAX = 10;
/** Printable and without the colon, which ends a user name of Basic authentication. */
const WRITE_KEY = /^[\x21-\x39\x3B-\x7E]{1,128}$/;
const BATCH_SIZE = 100;

type Action = ActionDefinition<JsonObject, JsonObject>;

const repeat: Action = {
  title: 'Repeat',
  description: 'Send the event on to each source. Its message ID stays, so a source takes it once.',
  defaultSubscription:
    'type = "track" or type = "identify" or type = "page" or type = "screen" or type = "group" or type = "alias"',
  fields: {
    event: {
      type: 'object',
      label: 'Event',
      description: 'What is sent on.',
      required: true,
      default: { '@path': '$.' },
    },
    chain: {
      type: 'string',
      multiple: true,
      label: 'Chain',
      description: 'The sources that the event has been repeated to.',
      unsafe_hidden: true,
      default: { '@path': '$.context.repeatChain' },
    },
    enable_batching: {
      type: 'boolean',
      label: 'Send in batches',
      description: 'Send several events in a request.',
      default: true,
    },
    batch_size: {
      type: 'number',
      label: 'Batch size',
      description: 'Events in a batch.',
      unsafe_hidden: true,
      default: BATCH_SIZE,
    },
    batch_keys: {
      type: 'string',
      multiple: true,
      label: 'Batch keys',
      description: 'Events of one batch have been to the same sources.',
      unsafe_hidden: true,
      default: ['chain'],
    },
  },
  perform: async (request, { settings, payload }) => {
    const [verdict] = await sendOn(request, settings, [objectOf(own(payload, 'event'))]);
    if (verdict !== undefined) throw verdict;
    return {};
  },
  performBatch: async (request, { settings, payload }) => {
    const verdicts = await sendOn(
      request,
      settings,
      payload.map((each) => objectOf(own(each, 'event'))),
    );
    const [first] = verdicts;
    if (first !== undefined && verdicts.every((verdict) => verdict?.code === first.code)) throw first;
    const { MultiStatusResponse } = await loadCore();
    const answer = new MultiStatusResponse();
    for (const [index, verdict] of verdicts.entries()) {
      if (verdict === undefined) answer.pushSuccessResponse({ status: 200, sent: {}, body: {} });
      else
        answer.pushErrorResponse({
          status: 400,
          errortype: 'PAYLOAD_VALIDATION_FAILED',
          errormessage: verdict.message,
          sent: { index },
        });
    }
    return answer;
  },
};

/**
 * Sends events on into other sources (B23). A source that an event has been to already does not get it again: `context.repeatChain` says
 * where it was. If one of several sources does not take it, all are sent to again: those that did see the same messageId and drop it.
 */
export const definition: DestinationDefinition<JsonObject> = {
  name: 'Repeater',
  mode: 'cloud',
  authentication: {
    scheme: 'custom',
    fields: {
      repeatKeys: {
        type: 'string',
        multiple: true,
        required: true,
        label: 'Write keys',
        description: 'The write keys of the sources that get the events, ten at most.',
      },
      endpoint: {
        type: 'string',
        label: 'Endpoint',
        description:
          'Where those sources take events, such as `https://t.example.com`. Left empty: this deployment itself.',
      },
    },
  },
  actions: { repeat },
};

/** What became of each event: `undefined` if every source that may get it took it. Throws where none was taken for a reason of its own, or where a try more may help. */
async function sendOn(
  request: RequestClient,
  settings: JsonObject,
  events: readonly JsonObject[],
): Promise<(DiscardError | undefined)[]> {
  const keys = writeKeys(settings);
  const url = `${endpointOf(settings)}/v1/batch`;
  const verdicts = events.map((event) => verdictOn(event, keys));
  const going = events.filter((_, index) => verdicts[index] === undefined);
  const tries = await Promise.allSettled(
    keys.flatMap((key, index) =>
      batchBodies(going.filter((event) => mayGoTo(event, key)).map((event) => repeated(event, key))).map(
        async (body) => await post(request, url, { key, place: `${index + 1} of ${keys.length}` }, body),
      ),
    ),
  );
  const failures: unknown[] = tries.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  if (failures.length > 0) {
    // A failure that may pass goes first: the next try shows the lasting ones.
    throw failures.find((error) => outcomeOfError(error, timeOfSend()).outcome === 'retry') ?? failures[0];
  }
  return verdicts;
}

function verdictOn(event: JsonObject, keys: readonly string[]): DiscardError | undefined {
  const open = keys.filter((key) => mayGoTo(event, key));
  if (open.length === 0) {
    return new DiscardError('repeat_chain', 'It has been at each of these sources already, or at too many');
  }
  const [key = ''] = open;
  const bytes = Buffer.byteLength(JSON.stringify(repeated(event, key)));
  return bytes > EVENT_BYTES_MAX
    ? rejected(`With what a Repeater adds it has ${bytes} bytes: more than a source takes`)
    : undefined;
}

/** A source may answer 200 and drop; ours says so in a header. */
async function post(
  request: RequestClient,
  url: string,
  { key, place }: { key: string; place: string },
  body: string,
): Promise<void> {
  const answer = await request(url, {
    method: 'post',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}`,
    },
    body,
  });
  const reason = answer.headers.get('tributary-rejected');
  if (reason === null) return;
  if (reason === 'loop') throw new DiscardError('loop', 'It has gone through this deployment too often');
  throw rejected(`The source of write key ${place} dropped it: ${reason}`);
}

function writeKeys(settings: JsonObject): string[] {
  const keys = own(settings, 'repeatKeys');
  // A list that was sealed comes as one text, which the library may take for a list of one.
  const texts = (Array.isArray(keys) ? keys : [keys ?? null]).flatMap((key) => secretsOf(textOf(key) ?? ''));
  if (texts.length === 0 || texts.length > KEYS_MAX)
    throw invalidSettings(`repeatKeys needs 1 to ${KEYS_MAX} write keys`);
  if (!texts.every((key) => WRITE_KEY.test(key)))
    throw invalidSettings('repeatKeys holds something that is no write key');
  return [...new Set(texts)];
}

function endpointOf(settings: JsonObject): string {
  const given = textOf(own(settings, 'endpoint'))?.trim() ?? '';
  const endpoint = given === '' ? currentSendContext()?.http.rules.trackingUrl : given;
  if (endpoint === undefined)
    throw invalidSettings('endpoint is needed: this deployment does not know its own address');
  return endpoint.replace(/\/+$/, '').replace(/\/v1$/, '');
}

const timeOfSend = (): Date => currentSendContext()?.now() ?? new Date(0);
