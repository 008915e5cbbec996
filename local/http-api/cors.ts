import type { IncomingHttpHeaders } from 'node:http';
import * as z from 'zod';

/** `CorsConfiguration` of an HTTP API. */
export const CorsConfiguration = z.strictObject({
  AllowOrigins: z.array(z.string()).default([]),
  AllowMethods: z.array(z.string()).default([]),
  AllowHeaders: z.array(z.string()).default([]),
  ExposeHeaders: z.array(z.string()).default([]),
  AllowCredentials: z.boolean().default(false),
  MaxAge: z.number().int().optional(),
});
export type CorsConfiguration = z.infer<typeof CorsConfiguration>;

/** A preflight: it carries Origin and Access-Control-Request-Method. API Gateway answers it by itself where CORS is configured. */
export const isPreflight = (method: string, headers: IncomingHttpHeaders): boolean =>
  method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined;

/** The headers that CORS puts on an answer; none for a request without Origin, or from an origin that is not allowed. */
export function corsHeaders(cors: CorsConfiguration, origin: string | undefined): Record<string, string> {
  const allowed = allowedOrigin(cors, origin);
  if (allowed === undefined) return {};
  const headers: Record<string, string> = { 'access-control-allow-origin': allowed };
  if (cors.AllowCredentials) headers['access-control-allow-credentials'] = 'true';
  if (cors.ExposeHeaders.length > 0) headers['access-control-expose-headers'] = cors.ExposeHeaders.join(',');
  return headers;
}

/** What a preflight is answered with, beside status 204. */
export function preflightHeaders(cors: CorsConfiguration, origin: string | undefined): Record<string, string> {
  const headers = corsHeaders(cors, origin);
  if (headers['access-control-allow-origin'] === undefined) return {};
  if (cors.AllowMethods.length > 0) headers['access-control-allow-methods'] = cors.AllowMethods.join(',');
  if (cors.AllowHeaders.length > 0) headers['access-control-allow-headers'] = cors.AllowHeaders.join(',');
  if (cors.MaxAge !== undefined) headers['access-control-max-age'] = String(cors.MaxAge);
  return headers;
}

/** `*`, or the origin itself where it is listed; `https://*` allows each origin of that scheme. */
function allowedOrigin(cors: CorsConfiguration, origin: string | undefined): string | undefined {
  if (origin === undefined) return undefined;
  if (cors.AllowOrigins.includes('*')) return '*';
  const allows = cors.AllowOrigins.some(
    (listed) => listed === origin || (listed.endsWith('://*') && origin.startsWith(listed.slice(0, -1))),
  );
  return allows ? origin : undefined;
}
