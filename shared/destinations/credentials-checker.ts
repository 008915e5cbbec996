import type { Destination as LibraryDestination } from '@segment/actions-core';
import { CHECK_TIMEOUT_MS } from '../config/limits.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import type { CheckOutcome } from '../ports/deliver-asks.ts';
import { accessTokens } from './access-tokens.ts';
import { ACCESS_TOKEN_SETTING } from './destination-definition.ts';
import { type EngineDeps, loadDestination } from './engine.ts';
import { SendTimeoutError } from './http-errors.ts';
import { mayReachUs } from './own/rows.ts';
import { redactor } from './redact.ts';
import { findRow } from './rows.ts';
import { runInSendContext, type SendContext } from './send-context.ts';

/** Of a tool's own words, so many characters are passed on. */
const WORDS_CHARS_MAX = 300;

/** All settings, secrets opened; `secretValues` are kept out of what is said. */
export type CheckWork = { slug: string; settings: Record<string, Json>; secretValues: readonly string[] };
/** Never rejects for what the tool does; rejects for a slug without code. */
export type CredentialsChecker = (work: CheckWork) => Promise<CheckOutcome>;

/**
 * Runs the check of credentials that a destination's own code has, through the guarded client and in bounded time. It sends no event. Where the code
 * has none, none is made up: an answer without a request would say nothing.
 */
export const credentialsChecker =
  (deps: EngineDeps): CredentialsChecker =>
  async ({ slug, settings, secretValues }) => {
    if (findRow(slug) === undefined) return { outcome: 'not-offered' };
    const { instance, definition } = await loadDestination(slug, deps.loaders);
    if (definition.authentication?.testAuthentication === undefined) return { outcome: 'not-offered' };
    const context: SendContext = {
      http: deps.http,
      now: deps.now,
      deadlineMs: performance.now() + CHECK_TIMEOUT_MS,
      hopThroughUs: 1,
      wireNames: findRow(slug)?.wireNames ?? [],
      mayReachUs: mayReachUs(slug),
      exchanges: [],
      isOver: false,
    };
    const timeout = timeoutOf(CHECK_TIMEOUT_MS);
    try {
      await Promise.race([runInSendContext(context, () => ask(slug, instance, settings)), timeout.promise]);
      return { outcome: 'accepted', requests: context.exchanges.length };
    } catch (error) {
      return refusal(error, context, (text) => redactor(secretValues).text(text));
    } finally {
      timeout.clear();
      context.isOver = true;
      instance.responses.splice(0);
    }
  };

async function ask(
  slug: string,
  instance: LibraryDestination<JsonObject>,
  settings: Record<string, Json>,
): Promise<void> {
  const itsClass = findRow(slug)?.class;
  const { settings: own, oauth } = accessTokens().accessFor(slug, itsClass, settings);
  if (itsClass === 'token' && oauth?.access_token === undefined) throw new Error(`${ACCESS_TOKEN_SETTING} is required`);
  if (itsClass !== 'credentials') return await instance.testAuthentication(given(own, oauth));
  // Without a token made from the credentials the tool would refuse whatever they are.
  instance.validateSettings(own);
  const made = await instance.refreshAccessToken(own, {} as Parameters<typeof instance.refreshAccessToken>[1]);
  await instance.testAuthentication(given(own, made === undefined ? {} : { access_token: made.accessToken }));
}

const given = (settings: Record<string, Json>, oauth: object | undefined) =>
  ({ ...settings, ...(oauth !== undefined && { oauth }) }) as Parameters<
    LibraryDestination<JsonObject>['testAuthentication']
  >[0];

/** The tool's answer, where it gave one, in its own words; else what kept the request from it. */
function refusal(error: unknown, { exchanges }: SendContext, redacted: (text: string) => string): CheckOutcome {
  const last = exchanges.at(-1);
  const status = last?.status !== undefined && last.status >= 400 ? last.status : undefined;
  const said = status === undefined ? '' : (last?.responseBody?.toString('utf8') ?? '');
  const message = error instanceof Error ? error.message : String(error);
  const words = said.trim() === '' ? message : `${message}: ${said}`;
  return {
    outcome: 'refused',
    message: redacted(words.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim()).slice(0, WORDS_CHARS_MAX),
    ...(status !== undefined && { status }),
    requests: exchanges.length,
  };
}

function timeoutOf(timeoutMs: number): { promise: Promise<never>; clear: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new SendTimeoutError(`Not done within ${timeoutMs} ms`)), timeoutMs + 100);
  });
  return { promise, clear: () => clearTimeout(timer) };
}
