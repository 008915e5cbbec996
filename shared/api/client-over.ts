import { ApiError, type ApiErrorEntry, ApiUnreachable } from './api-error.ts';
import type { AnswerOf, BodyOf, Operation, QueryOf } from './operation.ts';
import type { Handled, HandledId } from './operations.ts';
import { queryText } from './query-text.ts';

/** One try; the function behind the API has 15 s, and API Gateway waits 30. */
const TRY_MS_MAX = 30_000;
/** Tries of one request, the first included. */
const TRIES_MAX = 5;
/** The longest wait between two tries: what asks for more is told to the caller. A minute is the window of the rate limit. */
const WAIT_MS_MAX = 61_000;
/** Before the second try where no Retry-After says when; twice that before the third, and so on. */
const WAIT_MS_FIRST = 500;
/** What API Gateway lets through is 10 MB. */
const ANSWER_BYTES_MAX = 20_000_000;
/** Pages of one list. */
const PAGES_MAX = 2_000;
const PAGE_COUNT = 200;

export type ApiClientConfig = {
  /** Without a slash at its end; a path is kept. */
  baseUrl: string;
  /** What goes into `Authorization: Bearer …`: an API token, or what a person has signed in with. Asked for each request; empty where nobody has signed in. */
  token: () => string | Promise<string>;
  /** Id or slug, for people who belong to several. */
  workspace?: string | undefined;
  fetch?: typeof fetch;
  wait?: (ms: number) => Promise<void>;
};

type IsOptional<T> = undefined extends T ? true : object extends T ? true : false;
type Part<Key extends string, T> = IsOptional<T> extends true ? { [K in Key]?: T } : { [K in Key]: T };
export type CallInput<O> = {
  path?: Readonly<Record<string, string>>;
  /** The `ETag` of what is changed, as `tagged` answered it: 409 where somebody has saved since. */
  ifMatch?: string | undefined;
} & Part<'query', QueryOf<O>> &
  Part<'body', BodyOf<O>>;
type Args<O> = object extends CallInput<O> ? [input?: CallInput<O>] : [input: CallInput<O>];
type ListKey<Answer> = { [K in keyof Answer]-?: Answer[K] extends readonly unknown[] ? K : never }[keyof Answer];
type ItemOf<List> = List extends readonly (infer Item)[] ? Item : never;

/** What of an operation a client needs to send it. */
export type Named = Pick<Operation, 'method' | 'path' | 'bare' | 'contentType'>;

export type Asked = Named & {
  parameters?: Readonly<Record<string, string>> | undefined;
  query?: object | undefined;
  body?: unknown;
  ifMatch?: string | undefined;
};

/** What is in `data`, and the version that it has: to be sent back as `ifMatch`. */
export type Tagged<Data> = { data: Data; etag: string | undefined };

/** A client of the Public API and of /app-api, typed by the operations themselves. It needs `fetch` and nothing of Node. */
export type ApiClient = {
  /** Answers what is in `data`. Throws ApiError for an answer that is no good, ApiUnreachable where there is none. */
  call<Id extends HandledId>(id: Id, ...args: Args<Handled[Id]>): Promise<AnswerOf<Handled[Id]>>;
  /** As `call`, with the version of what is answered. */
  tagged<Id extends HandledId>(id: Id, ...args: Args<Handled[Id]>): Promise<Tagged<AnswerOf<Handled[Id]>>>;
  /** All entries of a list, page by page; `key` names the list in the answers, `count` the entries of a page. */
  all<Id extends HandledId, Key extends ListKey<AnswerOf<Handled[Id]>>>(
    id: Id,
    key: Key,
    input?: Omit<CallInput<Handled[Id]>, 'body'>,
    count?: number,
  ): Promise<ItemOf<AnswerOf<Handled[Id]>[Key]>[]>;
  /** A request that no type is known of. */
  send(asked: Asked): Promise<unknown>;
  /** Pages of a list that no type is known of, each as it came. */
  pages(asked: Asked, count?: number): AsyncGenerator;
};

/**
 * A client of the operations of that table, which says where they are without their shapes: the whole of them is large, and a browser needs none.
 * Tries again what was answered 429, as Retry-After says: nothing was done then. What met 503, or no answer, is tried again only if it can be done twice
 * (GET, PUT).
 */
export function clientOver(operations: Readonly<Record<HandledId, Named>>, config: ApiClientConfig): ApiClient {
  const { baseUrl, token, workspace, wait = waitMs } = config;
  const request = config.fetch ?? fetch;

  const exchange = async (asked: Asked): Promise<Tagged<unknown>> => {
    const path = pathOf(asked);
    const name = `${asked.method} ${path}`;
    const url = `${baseUrl}${path}${queryText(asked.query)}`;
    const canRepeat = asked.method === 'GET' || asked.method === 'PUT';
    for (let tries = 1; ; tries += 1) {
      const isLast = tries >= TRIES_MAX;
      const backOffMs = WAIT_MS_FIRST * 2 ** (tries - 1);
      // What the giver of tokens throws is the caller's to know: it says nothing of the API.
      const bearer = await token();
      let answer: { response: Response; text: string };
      try {
        const init = await initOf(asked, bearer, workspace);
        const response = await request(url, { ...init, signal: AbortSignal.timeout(TRY_MS_MAX) });
        answer = { response, text: await textOf(response, name) };
      } catch (error) {
        if (error instanceof ApiUnreachable) throw error;
        if (isLast || !canRepeat) throw unreachable(error, baseUrl, name);
        await wait(backOffMs);
        continue;
      }
      const { response, text } = answer;
      const again = response.status === 429 || (response.status === 503 && canRepeat);
      const pauseMs = retryAfterMs(response, text) ?? backOffMs;
      if (!again || isLast || pauseMs > WAIT_MS_MAX) {
        return { data: dataOf(asked, response, text, name), etag: response.headers.get('etag') ?? undefined };
      }
      await wait(pauseMs);
    }
  };

  const send = async (asked: Asked): Promise<unknown> => (await exchange(asked)).data;

  async function* pages(asked: Asked, count = PAGE_COUNT): AsyncGenerator {
    let cursor: string | undefined;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const pagination = { count, ...(cursor !== undefined && { cursor }) };
      const data = await send({ ...asked, query: { ...asked.query, pagination } });
      yield data;
      const next = nextOf(data);
      // A list that comes back to where it is would go on for ever.
      if (next === undefined || next === cursor) return;
      cursor = next;
    }
    throw new ApiUnreachable(`The list has more than ${PAGES_MAX} pages of ${count}`, `${asked.method} ${asked.path}`);
  }

  const askedFor = (id: HandledId, input: CallInput<Operation> = {}): Asked => {
    const { method, path, bare, contentType } = operations[id];
    const { path: parameters, query, body, ifMatch } = input;
    return { method, path, bare, contentType, parameters, query: query as object, body, ifMatch };
  };

  return {
    send,
    pages,
    // The server answers by the very shapes that the types are of.
    call: async (id, ...[input]) => (await send(askedFor(id, input))) as never,
    tagged: async (id, ...[input]) => (await exchange(askedFor(id, input))) as never,
    all: async (id, key, input, count) => {
      const items: unknown[] = [];
      for await (const data of pages(askedFor(id, input), count)) {
        items.push(...((data as Record<PropertyKey, unknown[] | undefined>)[key] ?? []));
      }
      return items as never;
    },
  };
}

const waitMs = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

function pathOf({ method, path, parameters = {} }: Asked): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name];
    if (value === undefined || value === '') throw new Error(`${method} ${path} needs ${name}`);
    return encodeURIComponent(value);
  });
}

async function initOf(asked: Asked, token: string, workspace: string | undefined): Promise<RequestInit> {
  const hasBody = asked.body !== undefined;
  return {
    method: asked.method,
    headers: {
      Accept: 'application/json',
      ...(token !== '' && { Authorization: `Bearer ${token}` }),
      ...(workspace !== undefined && { 'X-Tributary-Workspace': workspace }),
      ...(hasBody && { 'Content-Type': 'application/json' }),
      ...(asked.ifMatch !== undefined && { 'If-Match': asked.ifMatch }),
    },
    ...(hasBody && { body: JSON.stringify(asked.body) }),
    // Whoever redirects would get the token.
    redirect: 'error',
  };
}

async function textOf(response: Response, asked: string): Promise<string> {
  if (Number(response.headers.get('content-length') ?? 0) > ANSWER_BYTES_MAX) throw tooLong(asked);
  const text = await response.text();
  if (text.length > ANSWER_BYTES_MAX) throw tooLong(asked);
  return text;
}

const tooLong = (asked: string): ApiUnreachable =>
  new ApiUnreachable(`The answer is longer than ${ANSWER_BYTES_MAX / 1e6} MB`, asked);

function unreachable(error: unknown, baseUrl: string, asked: string): ApiUnreachable {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const why = cause instanceof Error ? (codeOf(cause) ?? cause.message) : String(cause);
  return new ApiUnreachable(`${baseUrl} does not answer: ${why}`, asked, { cause: error });
}

const codeOf = (error: Error): string | undefined =>
  'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** From the header in seconds or as a date, else from `data.msBeforeNext` of a 429. */
function retryAfterMs(response: Response, text: string): number | undefined {
  const header = response.headers.get('retry-after');
  if (header !== null && /^\d{1,6}$/.test(header)) return Number(header) * 1_000;
  if (header !== null) {
    const at = Date.parse(header);
    if (!Number.isNaN(at)) return Math.max(0, at - Date.now());
  }
  if (response.status !== 429) return undefined;
  const [entry] = entriesOf(jsonOf(text)) ?? [];
  const data = entry?.data;
  const ms: unknown = isObject(data) ? data['msBeforeNext'] : undefined;
  return typeof ms === 'number' && ms >= 0 ? ms : undefined;
}

function dataOf({ bare, contentType }: Asked, response: Response, text: string, asked: string): unknown {
  const body = jsonOf(text);
  if (response.ok) {
    if (contentType !== undefined) return text;
    if (bare === true && body !== undefined) return body;
    if (isObject(body) && 'data' in body) return body['data'];
    throw new ApiError(response.status, [noEnvelope(response)], asked);
  }
  const requestId = response.headers.get('x-request-id') ?? undefined;
  throw new ApiError(response.status, entriesOf(body) ?? [noEnvelope(response)], asked, requestId);
}

const noEnvelope = ({ status }: Response): ApiErrorEntry => ({
  type: 'not-the-api',
  message: `The answer (status ${status}) is none of this API: is the URL right?`,
});

/** The entries of an answer, made whole where a gateway before the API has its own words. */
function entriesOf(body: unknown): ApiErrorEntry[] | undefined {
  const errors = isObject(body) ? body['errors'] : undefined;
  if (!Array.isArray(errors) || errors.length === 0) return undefined;
  return errors.filter(isObject).map((one) => ({
    type: textIn(one, 'type') ?? 'error',
    message: textIn(one, 'message') ?? textIn(one, 'type') ?? 'error',
    ...(typeof one['field'] === 'string' && { field: one['field'] }),
    ...(one['data'] !== undefined && { data: one['data'] }),
  }));
}

const textIn = (one: Record<string, unknown>, key: string): string | undefined => {
  const value = one[key];
  return typeof value === 'string' ? value : undefined;
};

function nextOf(data: unknown): string | undefined {
  const pagination = isObject(data) ? data['pagination'] : undefined;
  const next = isObject(pagination) ? pagination['next'] : undefined;
  return typeof next === 'string' && next !== '' ? next : undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
