import type { Endpoints } from './endpoints.ts';
import { curlLine } from '../seed/curl-line.ts';

/**
 * The seven lines that say that it is ready: the app, what to send, where it arrives, where totals stand, what was mailed, the demo, and how it ends.
 */
export function readyLines(endpoints: Endpoints, demoRate: number | undefined): string[] {
  const [firstKey = ''] = Object.values(endpoints.writeKeys);
  return [
    `App            ${endpoints.webUrl} (sign in as the demo owner: one button)`,
    `Send an event  ${curlLine(endpoints.trackingUrl, firstKey)}`,
    `See it arrive  ${endpoints.sinkUrl}`,
    `Status page    ${endpoints.apiUrl}/#token=${endpoints.apiToken}`,
    `Mailbox        ${endpoints.mailboxUrl} (what alerts mail; docs/alerts.md)`,
    demoRate === undefined
      ? 'Demo           off; "npm run demo" plays a shop'
      : `Demo           a shop plays on demo-web and demo-server, ${demoRate} event a second; --no-demo leaves it out`,
    'Ctrl-C keeps your data',
  ];
}
