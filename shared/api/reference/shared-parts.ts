import type { JsonSchema } from './json-schemas.ts';

/** Parts of the OpenAPI document that are not of one operation. */
export const WORKSPACE_PARAMETER: JsonSchema = {
  name: 'x-tributary-workspace',
  in: 'header',
  description:
    'For people who belong to several workspaces: the id or slug of the one that is meant. A token has but one.',
  schema: { type: 'string' },
};

export const IF_MATCH: JsonSchema = {
  name: 'If-Match',
  in: 'header',
  description: 'The `ETag` of an earlier answer: the change is made only if nobody has changed it since, else 409.',
  schema: { type: 'string' },
};

export const HEADERS: Record<string, JsonSchema> = {
  'X-RateLimit-Consumed': { description: 'Requests of this caller in this minute.', schema: { type: 'integer' } },
  'X-RateLimit-Remaining': { description: 'Requests that are left in this minute.', schema: { type: 'integer' } },
  'X-RateLimit-Reset': {
    description: 'When the next minute begins, as RFC 5322 writes dates.',
    schema: { type: 'string' },
  },
  'x-request-id': { description: 'Names this request in our logs and in the audit trail.', schema: { type: 'string' } },
};

export const ERROR_SCHEMA: JsonSchema = {
  type: 'object',
  required: ['errors'],
  properties: {
    errors: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['type', 'message', 'status'],
        properties: {
          type: { type: 'string', description: 'Which kind of error: stable, for programs.' },
          message: {
            type: 'string',
            description: 'What went wrong and what to do about it, for people. It may change.',
          },
          field: { type: 'string', description: 'The field at fault, as a dotted path into the body or the query.' },
          data: { description: 'More about it, by type.' },
          status: { type: 'integer', description: 'The status of the answer.' },
        },
      },
    },
  },
};

/** Each status that is no success: which `type` its entries have, and what it means. */
export const ERRORS: Readonly<Record<string, { types: readonly string[]; meaning: string }>> = {
  '401': {
    types: ['unauthenticated', 'sign-in-ended', 'insufficient-permission', 'unknown-person'],
    meaning:
      'The token is missing, expired or revoked; or, as `insufficient-permission`, it lacks the right, which `data` names.',
  },
  '403': {
    types: ['insufficient-permission'],
    meaning: 'The caller lacks the right. `data` names it, and the people who can give it.',
  },
  '404': {
    types: ['not-found', 'no-workspace'],
    meaning: 'It is not there, or it is nothing that the caller may see.',
  },
  '409': {
    types: ['conflict'],
    meaning: 'Somebody changed it in between, or it is used elsewhere. Nothing was saved.',
  },
  '413': { types: ['too-large'], meaning: 'The body has more than 1,000,000 bytes.' },
  '422': {
    types: ['input-validation'],
    meaning: 'Something that was sent is wrong. There is an entry for each field. Nothing was saved.',
  },
  '429': {
    types: ['RequestError'],
    meaning: 'Too many requests in this minute. `data.msBeforeNext` and `Retry-After` say how long to wait.',
  },
  '500': { types: ['internal-error'], meaning: 'Something went wrong on our side. The message names the request.' },
  '501': { types: ['not-implemented'], meaning: 'This is not offered yet.' },
  '503': {
    types: ['unavailable'],
    meaning:
      'The store is away, or more is left to do than one request does. Send it again after `Retry-After`: it goes on where it was left.',
  },
};

export const RESPONSES: Record<string, JsonSchema> = Object.fromEntries(
  Object.entries(ERRORS).map(([status, { types, meaning }]) => [
    status,
    {
      description: `${meaning} Types: ${types.map((type) => `\`${type}\``).join(', ')}.`,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Errors' } } },
    },
  ]),
);
