import * as z from 'zod';
import { operation } from '../operation.ts';
import { rangeQuery, HealthState } from './range-shapes.ts';

const ISSUE = 6;

/** What is failing. */
export const appHealthOperations = {
  getHealth: operation({
    method: 'GET',
    path: '/app-api/health',
    tag: 'Alerts and health',
    stability: 'own',
    effect: 'later',
    issue: ISSUE,
    access: { right: 'source.read', of: 'visible' },
    summary: 'Everything that is failing, and since when.',
    query: () => z.strictObject(rangeQuery()),
    answer: () =>
      z.strictObject({
        asOf: z.iso.datetime(),
        findings: z.array(
          z.strictObject({
            kind: z.enum(['SOURCE', 'DESTINATION', 'PLATFORM']),
            id: z.string(),
            name: z.string(),
            state: HealthState(),
            errors: z.array(
              z.strictObject({ code: z.string(), message: z.string(), count: z.int(), lastSeenAt: z.iso.datetime() }),
            ),
          }),
        ),
      }),
  }),
};
