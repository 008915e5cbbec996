import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const SINK_WRITE_KEY = 'writekeyofthetestsource000000001';

const EVERY_TYPE =
  'type = "track" or type = "identify" or type = "page" or type = "screen" or type = "group" or type = "alias"';

/** An Inbox of the test source. */
export const INBOX = { source: 'server', name: 'Inbox', type: 'inbox' };

/** A webhook of the test source that sends what `trigger` chooses (absent: everything) to `url`; `fields` are further ones of its mapping. */
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
      trigger: more.trigger ?? EVERY_TYPE,
      fields: { url, method: 'POST', data: { '@path': '$.' }, ...more.fields },
    },
  ],
});

/** A seed file of one server source with these destinations. Answers its path. */
export function aSeed(directory: string, destinations: readonly unknown[]): string {
  const file = join(directory, 'test-seed.json');
  const seed = {
    workspace: { slug: 'test', name: 'Test' },
    sources: [{ slug: 'server', name: 'Server', kind: 'server', writeKeys: [SINK_WRITE_KEY] }],
    destinations,
  };
  writeFileSync(file, JSON.stringify(seed));
  return file;
}

/** A seed file of one server source with an Inbox and a webhook that sends every event to `url`. Answers its path. */
export const aSinkSeed = (directory: string, url: string, more: readonly unknown[] = []): string =>
  aSeed(directory, [INBOX, aWebhook('Sink', url), ...more]);
