import type * as z from 'zod';
import type { EventTrace } from '../../../shared/api/operations/debug-shapes.ts';
import { MASKED } from '../../../shared/domain/audit.ts';
import type { Json, JsonObject } from '../../../shared/domain/json.ts';
import { maskedChanges, maskedEvent, maskedPayload } from '../../../shared/domain/masked-event.ts';
import { hostOnly } from '../resources/masked-sample.ts';

type Trace = z.output<ReturnType<typeof EventTrace>>;
type Changes = Trace['stages'][number]['changes'];
type Try = Trace['destinations'][number]['sends'][number]['tries'][number];

/** A trace for who may not see personal data: the way of the event with all times and codes, and no value of it. */
export const maskedTrace = (trace: Trace): Trace => ({
  ...trace,
  isMasked: true,
  payload: maskedPayload(trace.payload as Json),
  normalised: trace.normalised === null ? null : maskedEvent(trace.normalised as JsonObject),
  stages: trace.stages.map(({ stage, changes }) => ({ stage, changes: withoutValues(changes) })),
  destinations: trace.destinations.map((destination) => ({
    ...destination,
    sees: destination.sees && withoutValues(destination.sees),
    sends: destination.sends.map((send) => ({ ...send, tries: send.tries.map(maskedTry) })),
  })),
});

const withoutValues = ({ changes, isCut }: Changes): Changes => ({ changes: maskedChanges(changes), isCut });
const dots = (text: string | null): string | null => text && MASKED;

/** As samples of issues are masked: what a tool says may repeat what it was sent. */
const maskedTry = (one: Try): Try => ({
  ...one,
  message: null,
  exchanges: one.exchanges.map(({ method, url, status, tookMs, body, responseBody, error }) => ({
    method,
    url: hostOnly(url),
    headers: {},
    body: dots(body),
    status,
    responseHeaders: {},
    responseBody: dots(responseBody),
    error: dots(error),
    tookMs,
  })),
});
