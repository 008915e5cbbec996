import * as z from 'zod';

const Origin = z.url().nullable();

/**
 * What `npm start` leaves in its directory for programs: origins without a trailing slash, the write key of each source by its slug (those
 * of the demo's own sources last), and the API token. What does not exist is null.
 */
export const Endpoints = z.object({
  trackingUrl: z.url(),
  cdnUrl: Origin,
  apiUrl: Origin,
  /** The web app; it is served by the CDN. */
  webUrl: Origin,
  /** What an app needs to sign people in: issuer of OpenID Connect, its client there, and where it is sent back to. */
  signIn: z.object({ issuer: z.url(), clientId: z.string(), callbackUrl: z.url() }).nullable().default(null),
  sinkUrl: Origin,
  meterUrl: Origin,
  ledgerUrl: Origin,
  /** What the local cloud has mailed. */
  mailboxUrl: Origin.default(null),
  writeKeys: z.record(z.string(), z.string()),
  apiToken: z.string(),
});
export type Endpoints = z.infer<typeof Endpoints>;

/** `undefined` where there is none, or none that can be read. */
export function readEndpoints(read: () => string): Endpoints | undefined {
  try {
    return Endpoints.parse(JSON.parse(read()));
  } catch {
    return undefined;
  }
}
