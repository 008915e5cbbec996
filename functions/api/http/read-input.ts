import qs from 'qs';
import type * as z from 'zod';
import type { Operation } from '../../../shared/api/operation.ts';
import { JSON_DEPTH_MAX } from '../../../shared/config/limits.ts';
import { jsonOverrun } from '../../../shared/domain/json-bounds.ts';
import { ApiFault, type FaultEntry, invalid } from './api-fault.ts';

/** One body: the largest that makes sense is a regulation of 5,000 userIds. */
export const API_BODY_BYTES_MAX = 1_000_000;
/** Faults told of one request. */
const FAULTS_MAX = 50;
/** `deleteUsers` names its users in the query; API Gateway takes 10 KB there. */
const QUERY_PARAMETERS_MAX = 2_000;

/**
 * The query in all forms that clients write (public-api.md 2): `pagination[count]=3`, `pagination.count=3`, `groupBy=a&groupBy=b`, `groupBy[0]=a`,
 * `emails=["a@b.c"]`. Throws ApiFault 422 for names of prototypes, which the parser would leave out silently.
 */
export function readQuery(text: string): Record<string, unknown> {
  const inherited = [...new URLSearchParams(text).keys()].filter(hasInheritedPart);
  if (inherited.length > 0) throw new ApiFault(422, unknownFields(inherited.slice(0, FAULTS_MAX), ''));
  return qs.parse(text, {
    allowDots: true,
    arrayLimit: QUERY_PARAMETERS_MAX,
    parameterLimit: QUERY_PARAMETERS_MAX,
    depth: 5,
    allowPrototypes: false,
  });
}

/** Whether a part of a name in a query is a member of every object: nothing that is asked for is called so. */
const hasInheritedPart = (name: string): boolean => name.split(/[.[\]]+/).some((part) => part in Object.prototype);

/** The body as JSON, whatever content type it says it is; `undefined` where there is none. Throws ApiFault 413 or 422. */
export function readBody(body: string | undefined, isBase64Encoded: boolean): unknown {
  if (body === undefined || body === '') return undefined;
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
  if (Buffer.byteLength(text) > API_BODY_BYTES_MAX) {
    throw new ApiFault(413, [
      { type: 'too-large', message: `A body has at most ${API_BODY_BYTES_MAX} bytes. Send less at a time.` },
    ]);
  }
  if (text.trim() === '') return undefined;
  // How many keys there may be is said by the bytes and by each shape.
  if (jsonOverrun(text, JSON_DEPTH_MAX, Number.POSITIVE_INFINITY) !== undefined)
    throw invalid({ field: '', message: `JSON may nest ${JSON_DEPTH_MAX} levels at most` });
  try {
    return JSON.parse(text);
  } catch {
    throw invalid({ field: '', message: 'The body is not JSON.' });
  }
}

export type Input = { path: Readonly<Record<string, string>>; query: unknown; body: unknown };

/** Checks query and body against the operation's shapes. Throws ApiFault 422 with an entry for each field at fault. */
export function checkInput(
  operation: Operation,
  { path, query, body }: { path: Input['path']; query: Record<string, unknown>; body: unknown },
): Input {
  const faults: FaultEntry[] = [];
  const checkedQuery = checked(operation.query?.(), query, faults, '');
  const hasBody = operation.body !== undefined && !(operation.bodyOptional === true && body === undefined);
  if (operation.query === undefined && Object.keys(query).length > 0) {
    faults.push(...unknownFields(Object.keys(query), ''));
  }
  const checkedBody = hasBody ? checked(operation.body?.(), body ?? {}, faults, '') : undefined;
  if (faults.length > 0) throw new ApiFault(422, faults.slice(0, FAULTS_MAX));
  return { path, query: checkedQuery, body: checkedBody };
}

function checked(schema: z.ZodType | undefined, value: unknown, faults: FaultEntry[], at: string): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  faults.push(...faultsOf(parsed.error, at));
  return undefined;
}

/** What a schema found, in the envelope's words; `at` comes before each path. */
export const faultsOf = (error: z.ZodError, at = ''): FaultEntry[] =>
  error.issues.flatMap((issue) => {
    const field = dotted([...(at === '' ? [] : [at]), ...issue.path]);
    if (issue.code === 'unrecognized_keys') return unknownFields(issue.keys, field);
    return [{ type: 'input-validation', field, message: issue.message }];
  });

const unknownFields = (keys: readonly string[], at: string): FaultEntry[] =>
  keys.map((key) => ({
    type: 'input-validation',
    field: dotted([...(at === '' ? [] : [at]), key]),
    message: 'There is no such field. Take it out, or see the reference page for the right name.',
  }));

const dotted = (path: readonly PropertyKey[]): string => path.map(String).join('.').slice(0, 512);

/** Parses what a handler has made of its input by a schema of the domain. Throws ApiFault 422 that points at the fields of the request. */
export function parsedAs<T>(schema: z.ZodType<T>, value: unknown, at = ''): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ApiFault(422, faultsOf(result.error, at).slice(0, FAULTS_MAX));
}
