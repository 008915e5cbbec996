import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Write keys by what is tried with them: a source each, so that their books do not mix. */
export const BROWSER_KEYS = {
  batching: 'writekeyofbatchingpages00000000',
  standard: 'writekeyofstandardpages00000000',
  device: 'writekeyofdevicemodepages000000',
  closed: 'writekeyofclosedfilterpages0000',
};

/** A seed file of websites, each with a webhook to `sinkUrl`; two feed Braze in the browser, one of them with a filter that browsers cannot apply. */
export function aBrowserSeed(directory: string, sinkUrl: string): string {
  const sources = Object.entries(BROWSER_KEYS).map(([slug, writeKey]) => ({
    slug,
    name: slug,
    kind: 'website',
    // What batches is a source as it is made: batching is the default.
    ...(slug !== 'batching' && { batching: false }),
    writeKeys: [writeKey],
    ...(slug === 'device' && {
      schema: { track: { Internal: { destinations: { Braze: false } } } },
    }),
  }));
  const sinks = Object.keys(BROWSER_KEYS).map((source) => ({
    source,
    name: 'Sink',
    type: 'webhook',
    mappings: [
      {
        name: 'All',
        action: 'send',
        trigger: 'type != ""',
        fields: { url: sinkUrl, method: 'POST', data: { '@path': '$.' } },
      },
    ],
  }));
  const braze = (source: string, filters: readonly unknown[]) => ({
    source,
    name: 'Braze',
    type: 'braze-web',
    connectionMode: 'device',
    settings: {
      api_key: 'public-key',
      endpoint: 'sdk.iad-01.braze.com',
      sdkVersion: '4.6',
      doNotLoadFontAwesome: true,
    },
    filters,
  });
  const destinations = [
    ...sinks,
    braze('device', [
      { title: 'No secrets', if: 'event = "Secret"', actions: [{ type: 'DROP' }] },
      { title: 'No cards', if: 'all', actions: [{ type: 'DROP_PROPERTIES', fields: { properties: ['card'] } }] },
    ]),
    braze('closed', [{ title: 'Half', if: 'all', actions: [{ type: 'SAMPLE', percent: 0.5, path: 'userId' }] }]),
  ];
  const file = join(directory, 'browser-seed.json');
  writeFileSync(file, JSON.stringify({ workspace: { slug: 'web', name: 'Web' }, sources, destinations }));
  return file;
}
