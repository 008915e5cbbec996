import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Mail } from '../../local/ses/mail-store.ts';
import { HOST, isForThisMachine, serveOwnMachine } from './own-machine.ts';

/** Mails that the page shows. */
const SHOWN_MAX = 100;

/**
 * What the local cloud has mailed, newest first, to look at: a page at `/`, JSON at `/mails.json`. Mails are text that people and payloads have a part in,
 * and are shown as text.
 */
export const mailboxListener = (mails: () => Mail[], wishedPort: number) =>
  serveOwnMachine((request, response) => answer(request, response, mails), wishedPort);

function answer(request: IncomingMessage, response: ServerResponse, mails: () => Mail[]): void {
  const { method, url = '/' } = request;
  if (!isForThisMachine(request)) return send(response, 403, 'text/plain', `Ask for ${HOST}.`);
  if (method !== 'GET') return send(response, 405, 'text/plain', 'Only GET is taken here.');
  const shown = mails().slice(0, SHOWN_MAX);
  if (url === '/mails.json') return send(response, 200, 'application/json', JSON.stringify({ mails: shown }));
  if (url !== '/') return send(response, 404, 'text/plain', 'There is / and /mails.json.');
  send(response, 200, 'text/html', mailboxPage(shown));
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  });
  response.end(body);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? '');

/** A page without scripts. */
export function mailboxPage(mails: readonly Mail[]): string {
  const list = mails.map(
    ({ at, from, to, subject, text }) => `<article>
<h2>${escaped(subject)}</h2>
<p>${escaped(at)} · from ${escaped(from)} to ${escaped(to.join(', '))}</p>
<pre>${escaped(text)}</pre>
</article>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mailbox</title>
<style>
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
  body { max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.25rem; } h2 { font-size: 1rem; margin: 0; }
  article { border-top: 1px solid #8884; padding: 1rem 0; }
  p { margin: .25rem 0; } pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 13px; margin: .5rem 0 0; }
</style>
<h1>Mailbox</h1>
<p>What this local Tributary has mailed, newest first. None of it has left the machine.</p>
${list.length > 0 ? list.join('\n') : '<p role="status">No mail yet. An alert with an e-mail channel, or its test, brings one.</p>'}
</html>
`;
}
