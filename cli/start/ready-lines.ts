import type { Endpoints } from './endpoints.ts';
import { curlLine } from '../seed/curl-line.ts';

/**
 * The seven lines that say that it is ready: where to look, what to send, where it arrives, what browsers load from, what was mailed, the demo, and how it
 * ends.
 */
export function readyLines(endpoints: Endpoints, demoRate: number | undefined): string[] {
  const [firstKey = ''] = Object.values(endpoints.writeKeys);
  return [
    `Status page    ${endpoints.webUrl}/#token=${endpoints.apiToken}`,
    `Send an event  ${curlLine(endpoints.trackingUrl, firstKey)}`,
    `See it arrive  ${endpoints.sinkUrl}`,
    `Browsers       ${endpoints.cdnUrl} (docs/browser.md)`,
    `Mailbox        ${endpoints.mailboxUrl} (what alerts mail; docs/alerts.md)`,
    demoRate === undefined
      ? 'Demo           off; "npm run demo" plays a shop'
      : `Demo           a shop plays on demo-web and demo-server, ${demoRate} event a second; --no-demo leaves it out`,
    'Ctrl-C keeps your data',
  ];
}
