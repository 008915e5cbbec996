import type { ActionDefinition, DestinationDefinition } from '@segment/actions-core';
import { type JsonObject, own } from '../../../domain/json.ts';
import { invalidSettings } from '../discard-error.ts';
import { numberOf, textOf, textsOf } from '../payload-values.ts';
import { cutBytes } from '../xml.ts';

/** ntfy turns a longer message into an attachment, which a phone does not show. */
const MESSAGE_BYTES_MAX = 4_096;
/** ntfy's rule for a topic. */
const TOPIC = /^[-_A-Za-z0-9]{1,64}$/;
const PRIORITY_MIN = 1;
const PRIORITY_MAX = 5;
const PUBLIC_SERVER = 'https://ntfy.sh';

const publish: ActionDefinition<JsonObject, JsonObject> = {
  title: 'Publish',
  description: 'Publish a message to the topic: everybody who has subscribed to it gets a notification.',
  defaultSubscription: 'type = "track"',
  fields: {
    message: {
      type: 'string',
      required: true,
      label: 'Message',
      description: 'The text. At most 4,096 bytes are sent.',
      default: { '@template': '{{event}} by {{userId}}' },
    },
    title: { type: 'string', label: 'Title', description: 'The line above the text.', default: { '@path': '$.event' } },
    priority: {
      type: 'integer',
      label: 'Priority',
      description: '1 is the lowest, 3 the usual and 5 the highest.',
    },
    tags: {
      type: 'string',
      multiple: true,
      label: 'Tags',
      description: 'Words beside the message; some are shown as emojis.',
    },
    click: {
      type: 'string',
      label: 'Link',
      description: 'The address that opens when somebody taps the notification.',
      default: { '@path': '$.context.page.url' },
    },
  },
  perform: async (request, { settings, payload }) => {
    const token = textOf(own(settings, 'accessToken'));
    return await request(serverOf(settings), {
      method: 'post',
      ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
      json: messageOf(settings, payload),
    });
  },
};

/** Notifications on phones and desktops by ntfy, its public server or one of your own. */
export const definition: DestinationDefinition<JsonObject> = {
  name: 'ntfy',
  mode: 'cloud',
  authentication: {
    scheme: 'custom',
    fields: {
      serverUrl: {
        type: 'string',
        label: 'Server',
        description: 'The address of your ntfy server. Left empty: the public one.',
        default: PUBLIC_SERVER,
      },
      // On the public server whoever knows a topic can read it.
      topic: {
        type: 'password',
        required: true,
        label: 'Topic',
        description: 'Letters, digits, hyphens and underscores, 64 at most. Choose one that is hard to guess.',
      },
      accessToken: { type: 'password', label: 'Access token', description: 'Needed for a protected topic.' },
    },
  },
  actions: { publish },
};

function serverOf(settings: JsonObject): string {
  const server = textOf(own(settings, 'serverUrl')) ?? PUBLIC_SERVER;
  if (!URL.canParse(server)) throw invalidSettings('serverUrl must be an address such as https://ntfy.example.com');
  // Messages as JSON are posted to the root; a path would be read as the topic of a plain one.
  return `${new URL(server).origin}/`;
}

function messageOf(settings: JsonObject, payload: JsonObject): JsonObject {
  const topic = textOf(own(settings, 'topic')) ?? '';
  if (!TOPIC.test(topic)) throw invalidSettings('topic may have letters, digits, hyphens and underscores, 64 at most');
  const title = textOf(own(payload, 'title'));
  const priority = numberOf(own(payload, 'priority'));
  const tags = textsOf(own(payload, 'tags'));
  const click = textOf(own(payload, 'click'));
  return {
    topic,
    message: cutBytes(textOf(own(payload, 'message')) ?? '', MESSAGE_BYTES_MAX),
    ...(title !== undefined && { title }),
    ...(priority !== undefined && { priority: Math.min(Math.max(Math.round(priority), PRIORITY_MIN), PRIORITY_MAX) }),
    ...(tags.length > 0 && { tags }),
    ...(click !== undefined && { click }),
  };
}
