import type { IncomingMessage, ServerResponse } from 'node:http';
import { contentSecurityPolicy, errorPage } from './sign-in-page.ts';

/** A form of the sign-in page. */
const FORM_BYTES_MAX = 10_000;

const PAGE_HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
};

export function sendPage(response: ServerResponse, status: number, html: string, policy: string): void {
  response.writeHead(status, { ...PAGE_HEADERS, 'Content-Security-Policy': policy });
  response.end(html);
}

export const sendErrorPage = (response: ServerResponse, status: number, message: string): void =>
  sendPage(response, status, errorPage(message), contentSecurityPolicy());

export function redirect(response: ServerResponse, to: string, headers: Record<string, string | string[]> = {}): void {
  response.writeHead(303, { 'Cache-Control': 'no-store', ...headers, Location: to });
  response.end();
}

/** The fields of a form, or `undefined` where it is none, too long or cut off. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '')) return undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > FORM_BYTES_MAX) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
