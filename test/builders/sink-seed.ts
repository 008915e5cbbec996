import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const SINK_WRITE_KEY = 'writekeyofthetestsource000000001';

/** A seed file of one server source with an Inbox and a webhook that sends every event to `url`. Answers its path. */
export function aSinkSeed(directory: string, url: string, more: unknown[] = []): string {
  const file = join(directory, 'test-seed.json');
  const seed = {
    workspace: { slug: 'test', name: 'Test' },
    sources: [{ slug: 'server', name: 'Server', kind: 'server', writeKeys: [SINK_WRITE_KEY] }],
    destinations: [
      { source: 'server', name: 'Inbox', type: 'inbox' },
      {
        source: 'server',
        name: 'Sink',
        type: 'webhook',
        mappings: [
          {
            name: 'All events',
            action: 'send',
            trigger:
              'type = "track" or type = "identify" or type = "page" or type = "screen" or type = "group" or type = "alias"',
            fields: { url, method: 'POST', data: { '@path': '$.' } },
          },
        ],
      },
      ...more,
    ],
  };
  writeFileSync(file, JSON.stringify(seed));
  return file;
}

/** A webhook of the test source that sends what `trigger` chooses to `url`; `fields` are further ones of its mapping. */
export const aWebhook = (
  name: string,
  url: string,
  more: { trigger?: string; fields?: Record<string, unknown>; settings?: Record<string, unknown> } = {},
) => ({
  source: 'server',
  name,
  type: 'webhook',
  settings: more.settings ?? {},
  mappings: [
    {
      name: 'Chosen events',
      action: 'send',
      trigger: more.trigger ?? 'type != "none"',
      fields: { url, method: 'POST', data: { '@path': '$.' }, ...more.fields },
    },
  ],
});
