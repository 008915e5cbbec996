import { createContext, Script } from 'node:vm';
import * as z from 'zod';

/** `AWS::CloudFront::Function` as far as it is run here: at `viewer-request`, without a store of keys and values. */
export const EdgeFunctionProperties = z.strictObject({
  Name: z.string(),
  AutoPublish: z.literal(true),
  FunctionCode: z.string(),
  FunctionConfig: z.strictObject({ Comment: z.string(), Runtime: z.literal('cloudfront-js-2.0') }),
});

export type ViewerRequest = { method: string; path: string; query: string; headers: Readonly<Record<string, string>> };
/** What becomes of a request: it goes on with another path, or is answered there and then. */
export type EdgeOutcome =
  | { path: string }
  | { status: number; headers: Readonly<Record<string, string>>; body: string };
export type EdgeFunction = (request: ViewerRequest) => Promise<EdgeOutcome>;

/** CloudFront gives a function less than a millisecond of a processor; one that goes round for ever must not stop this one. */
const RUN_MS_MAX = 100;

/** Nothing but text goes in and comes out. */
const CALL = `handled = failed = undefined;
Promise.resolve(handler(JSON.parse(given))).then(
  (result) => { handled = JSON.stringify(result); },
  (error) => { failed = String(error); },
);`;

const Values = z.record(z.string(), z.object({ value: z.string() }));
const Outcome = z.union([
  z.object({
    statusCode: z.int().min(200).max(599),
    headers: Values.default({}),
    body: z.union([z.string(), z.object({ encoding: z.literal('text'), data: z.string() })]).default(''),
  }),
  z.object({ uri: z.string().startsWith('/') }),
]);

/**
 * The code of a function, with nothing around it but the language. Of what it gives back, the path counts, or the answer: headers, query and cookies of a
 * request reach no origin here. Throws for code that is none; what it gives rejects where the code throws or gives back something else.
 */
export function edgeFunction(code: string): EdgeFunction {
  const context = createContext(
    {},
    { codeGeneration: { strings: false, wasm: false }, microtaskMode: 'afterEvaluate' },
  );
  new Script(code).runInContext(context);
  const call = new Script(CALL);
  return async ({ method, path, query, headers }) => {
    context['given'] = JSON.stringify({
      version: '1.0',
      context: { eventType: 'viewer-request' },
      viewer: {},
      request: {
        method,
        uri: path,
        querystring: valuesOf(Object.fromEntries(new URLSearchParams(query))),
        headers: valuesOf(headers),
        cookies: {},
      },
    });
    // What it waits for is over when this returns: there is nothing outside to wait for.
    call.runInContext(context, { timeout: RUN_MS_MAX });
    const { handled, failed } = context;
    if (failed !== undefined) throw new Error(String(failed));
    if (typeof handled !== 'string') throw new Error('The function gave nothing back.');
    const outcome = Outcome.parse(JSON.parse(handled));
    if ('uri' in outcome) return { path: outcome.uri };
    const { statusCode: status, body } = outcome;
    const text = Object.entries(outcome.headers).map(([name, { value }]) => [name, value] as const);
    return { status, headers: Object.fromEntries(text), body: typeof body === 'string' ? body : body.data };
  };
}

const valuesOf = (values: Readonly<Record<string, string>>): Record<string, { value: string }> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
