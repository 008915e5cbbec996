/** The part of node-fetch 2.7 that the guarded client stands on. The library's requests and answers are these classes. */
declare module 'node-fetch' {
  export class Headers implements Iterable<[string, string]> {
    constructor(init?: Record<string, string>);
    set(name: string, value: string): void;
    get(name: string): string | null;
    [Symbol.iterator](): Iterator<[string, string]>;
  }
  export type RequestInit = {
    method?: string;
    headers?: Headers | Record<string, string>;
    body?: string | Buffer | null;
    signal?: AbortSignal;
  };
  export class Request {
    constructor(input: string | Request, init?: RequestInit);
    readonly url: string;
    readonly method: string;
    readonly headers: Headers;
    readonly signal: AbortSignal | null;
    buffer(): Promise<Buffer>;
  }
  export class Response {
    constructor(body?: Buffer, init?: { url?: string; status?: number; statusText?: string; headers?: Headers });
    readonly status: number;
    readonly statusText: string;
    readonly headers: Headers;
    readonly url: string;
    text(): Promise<string>;
  }
}
