import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** A JSON answer. Nothing that we answer may be cached. */
export const json = (
  statusCode: number,
  body: unknown,
  headers: Record<string, string> = {},
): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store', ...headers },
  body: JSON.stringify(body),
});

/** An error in the Public API's envelope, which its client libraries need on every answer that is not 2xx. */
export const failure = (
  status: number,
  type: string,
  message: string,
  headers: Record<string, string> = {},
): APIGatewayProxyStructuredResultV2 => json(status, { errors: [{ type, message, status }] }, headers);
