import * as z from 'zod';
import type { ResourceToCreate } from '../types.ts';
import { type EventPattern, parseEventPattern } from './event-pattern.ts';
import { busNameOf } from './put-events.ts';

/** EventBridge's defaults: 185 retries within 24 hours. */
const RETRIES_MAX = 185;
const AGE_SECONDS = { min: 60, max: 86_400 };

const Target = z.strictObject({
  Id: z.string().min(1).max(64),
  Arn: z.string().startsWith('arn:aws:lambda:', 'the local cloud knows Lambda functions as targets of rules'),
  RetryPolicy: z
    .strictObject({
      MaximumRetryAttempts: z.coerce.number().int().min(0).max(RETRIES_MAX).default(RETRIES_MAX),
      MaximumEventAgeInSeconds: z.coerce
        .number()
        .int()
        .min(AGE_SECONDS.min)
        .max(AGE_SECONDS.max)
        .default(AGE_SECONDS.max),
    })
    .prefault({}),
  DeadLetterConfig: z.strictObject({ Arn: z.string().startsWith('arn:aws:sqs:').optional() }).optional(),
});

const RuleProperties = z.looseObject({
  Name: z.string().optional(),
  EventBusName: z.string().optional(),
  EventPattern: z.unknown(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Targets: z.array(Target).max(5).default([]),
});

export type RuleTarget = {
  id: string;
  functionArn: string;
  retriesMax: number;
  eventAgeMaxMs: number;
  deadLetterArn: string | undefined;
};
export type Rule = {
  name: string;
  busName: string;
  isEnabled: boolean;
  matches: EventPattern;
  targets: readonly RuleTarget[];
};

export const RULE_HONOURED = ['Name', 'EventBusName', 'EventPattern', 'State', 'Targets'] as const;
export const RULE_IGNORED = ['Description', 'Tags'] as const;

/** Reads AWS::Events::Rule. Throws for what EventBridge would refuse and for what the local cloud cannot honour, such as inputs of targets. */
export function ruleOf({ physicalName, properties }: ResourceToCreate): Rule {
  const result = RuleProperties.safeParse(properties);
  if (!result.success) throw new Error(`The local cloud cannot run it so: ${z.prettifyError(result.error)}`);
  const { Name, EventBusName, EventPattern: pattern, State, Targets } = result.data;
  if (pattern === undefined)
    throw new Error('The local cloud cannot run a rule without an EventPattern: schedules are Scheduler’s.');
  return {
    name: Name ?? physicalName,
    busName: busNameOf(EventBusName),
    isEnabled: State === 'ENABLED',
    matches: parseEventPattern(pattern),
    targets: Targets.map(({ Id, Arn, RetryPolicy, DeadLetterConfig }) => ({
      id: Id,
      functionArn: Arn,
      retriesMax: RetryPolicy.MaximumRetryAttempts,
      eventAgeMaxMs: RetryPolicy.MaximumEventAgeInSeconds * 1_000,
      deadLetterArn: DeadLetterConfig?.Arn,
    })),
  };
}
