import type * as z from 'zod';
import type { IssueSample } from '../../../shared/api/operations/issue-shapes.ts';
import { MASKED } from '../../../shared/domain/audit.ts';
import { maskedEvent } from '../../../shared/domain/masked-event.ts';
import type { DeliverySample } from '../../../shared/ports/delivery-stores.ts';

export type ShownSample = z.output<ReturnType<typeof IssueSample>>;

/** A sample as its caller may see it: of who may not see personal data, values are dots, and bodies are left out. Secrets are redacted where it was taken. */
export function shownSample(sample: DeliverySample, piiAccess: boolean): ShownSample {
  return {
    messageId: sample.messageId,
    at: sample.at,
    subscriptionId: sample.mappingId === '' ? null : sample.mappingId,
    code: sample.code,
    // What a tool says may repeat what it was sent.
    message: piiAccess ? (sample.message ?? null) : null,
    event: piiAccess ? sample.event : maskedEvent(sample.event),
    isMasked: !piiAccess,
    exchanges: sample.requests.map((request) => ({
      method: request.method,
      url: piiAccess ? request.url : hostOnly(request.url),
      requestHeaders: piiAccess ? request.headers : {},
      requestBody: piiAccess ? (request.body ?? '') : MASKED,
      status: request.status ?? null,
      responseHeaders: piiAccess ? (request.responseHeaders ?? {}) : {},
      responseBody: piiAccess ? (request.responseBody ?? request.error ?? '') : MASKED,
      latencyMs: request.tookMs,
    })),
  };
}

/** Where a call went, without whom it was about: paths of tools' APIs name people, and a query may hold an address. */
export function hostOnly(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? MASKED : `${parsed.protocol}//${parsed.host}/${MASKED}`;
}
