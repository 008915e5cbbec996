import type * as z from 'zod';
import type { Right } from '../domain/access.ts';

/** In Segment's words; `own`: what the original does not have, under /app-api. */
export type Stability = 'ga' | 'beta' | 'alpha' | 'own';

/**
 * `works`: what it changes is obeyed by the pipeline, by rights or by another route's answer. `stored`: checked and kept, and nothing obeys it yet.
 * `later`: 501 in the envelope.
 */
export type Effect = 'works' | 'stored' | 'later';

/** Where the request names the thing that it is about. */
export type Place = { param: string; in: 'path' | 'query' | 'body' };

/**
 * What a caller must be allowed to do, and to what: to the workspace as a whole; to the source, or to that of the destination or transformation, that
 * the request names; or to any source at all, the answer holding those alone (`visible`). `public`: nobody need be signed in. `signed-in`: a person
 * with or without a workspace.
 */
export type Access =
  | { right: Right; of: 'workspace'; also?: { right: Right; of: 'source' } & Place }
  | { right: Right; of: 'visible' }
  | ({ right: Right; of: 'source' | 'destination' | 'transformation' } & Place)
  | { right: 'signed-in'; of: 'person' }
  | { right: 'public'; of: 'nobody' };

export type Operation<
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `{parameters}`. Each is one segment of the path, decoded after the match. */
  path: string;
  tag: string;
  stability: Stability;
  effect: Effect;
  /** The issue that makes it work, of one that does not. */
  issue?: number;
  access: Access;
  /** A sentence for the reference page. */
  summary?: string;
  /** Of the answer when it is well; 200 where nothing else is said. */
  status?: 200 | 201;
  /** Requests of one caller in a minute; API_REQUESTS_PER_MINUTE_MAX where nothing less is said. */
  perMinuteMax?: number;
  /** Each as a thunk: see `shape`. Absent: there is none. */
  query?: () => Query;
  body?: () => Body;
  /** What is in `data`. */
  answer?: () => Answer;
  /** The body may be left out as a whole. */
  bodyOptional?: true;
  /** Its answer has no envelope, as it had before there was one. */
  bare?: true;
  /** Not JSON in an envelope: a page, a file. */
  contentType?: string;
  /** A PATCH or PUT of things that have no version together: `If-Match` is not looked at. Every other one that works heeds it. */
  ifMatch?: false;
  /** Audit events that it may write. */
  audits?: readonly string[];
};

/** Keeps the types of one operation's shapes. */
export const operation = <
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
  Answer extends z.ZodType = z.ZodUnknown,
>(
  one: Operation<Query, Body, Answer>,
): Operation<Query, Body, Answer> => one;

type OutputOf<T> = T extends z.ZodType ? z.output<T> : undefined;
export type QueryOf<O> = O extends Operation<infer Query> ? OutputOf<Query> : never;
export type BodyOf<O> = O extends Operation<z.ZodType, infer Body> ? OutputOf<Body> : never;
/** What a handler gives, and what a client finds in `data`. */
export type AnswerOf<O> = O extends Operation<z.ZodType, z.ZodType, infer Answer> ? z.output<Answer> : never;
