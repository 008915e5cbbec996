import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Clock, Created, LambdaHost, ResourceProvider, ResourceToCreate } from '../types.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../types.ts';
import type { DueTimes } from './schedule-expression.ts';
import { parseScheduleExpression } from './schedule-expression.ts';

/** The longest single timer: Node's own limit is 24.8 days, and a machine that slept is looked at again soon. */
const TIMER_MS_MAX = 60 * 60_000;

const ScheduleProperties = z.looseObject({
  Name: z.string().optional(),
  GroupName: z.string().default('default'),
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().default('UTC'),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  FlexibleTimeWindow: z.strictObject({ Mode: z.literal('OFF') }),
  Target: z.strictObject({
    Arn: z.string().startsWith('arn:aws:lambda:'),
    RoleArn: z.string(),
    Input: z.string().optional(),
    // How often and how long the handing over is tried, and where it goes if in vain: on one machine it does not fail.
    RetryPolicy: z
      .strictObject({
        MaximumRetryAttempts: z.coerce.number().int().min(0).max(185).optional(),
        MaximumEventAgeInSeconds: z.coerce.number().int().min(60).max(86_400).optional(),
      })
      .optional(),
    DeadLetterConfig: z.strictObject({ Arn: z.string().optional() }).optional(),
  }),
});

export type SchedulerOptions = {
  clock: Clock;
  lambda: Pick<LambdaHost, 'invokeLater'>;
  onUnexpected(error: unknown, call: string): void;
};

type Schedule = {
  name: string;
  arn: string;
  functionArn: string;
  roleArn: string;
  input: string;
  times: DueTimes;
  isEnabled: boolean;
  cancel(): void;
};

export type Scheduler = {
  readonly providers: ResourceProvider[];
  /** Schedules with what they call, for the check of their roles at the start. */
  list(): { name: string; arn: string; functionArn: string; roleArn: string }[];
  /** From now on the enabled schedules run. A schedule made later runs at once. */
  start(): void;
  /** Hands over now, whatever the state, as if it were due. Throws for a name that is not there. */
  runNow(name: string): void;
  /** No schedule runs any more. */
  close(): void;
};

/**
 * EventBridge Scheduler with Lambda functions as targets. A run that came due while the machine slept happens once, late; the others in
 * between are left out (the real one may also miss runs: trap E2).
 */
export function scheduler(options: SchedulerOptions): Scheduler {
  const { clock, lambda } = options;
  const schedules = new Map<string, Schedule>();
  let isStarted = false;

  const create = async (resource: ResourceToCreate): Promise<Created> => {
    const result = ScheduleProperties.safeParse(resource.properties);
    if (!result.success) throw unusable(z.prettifyError(result.error));
    const { Name, GroupName, ScheduleExpression, ScheduleExpressionTimezone, State, Target } = result.data;
    const name = Name ?? resource.physicalName;
    const arn = `arn:aws:scheduler:${LOCAL_REGION}:${LOCAL_ACCOUNT}:schedule/${GroupName}/${name}`;
    const schedule: Schedule = {
      name,
      arn,
      functionArn: Target.Arn,
      roleArn: Target.RoleArn,
      input: Target.Input ?? defaultInput(arn),
      times: parseScheduleExpression(ScheduleExpression, ScheduleExpressionTimezone),
      isEnabled: State === 'ENABLED',
      cancel: () => {},
    };
    // A Lambda target takes JSON only; better said now than at the first run.
    try {
      eventOf(schedule, clock.now());
    } catch {
      throw unusable('Target.Input is not JSON.');
    }
    schedules.get(name)?.cancel();
    schedules.set(name, schedule);
    if (isStarted) plan(schedule, clock.now());
    return { ref: name, attributes: { Arn: arn } };
  };

  const plan = (schedule: Schedule, afterMs: number): void => {
    if (!schedule.isEnabled) return;
    const dueAtMs = schedule.times.next(afterMs);
    if (dueAtMs === undefined) return;
    const wait = (): void => {
      const leftMs = dueAtMs - clock.now();
      if (leftMs > 0) {
        schedule.cancel = clock.after(Math.min(leftMs, TIMER_MS_MAX), wait);
        return;
      }
      run(schedule, dueAtMs);
      plan(schedule, Math.max(dueAtMs, clock.now()));
    };
    wait();
  };

  const run = (schedule: Schedule, dueAtMs: number): void => {
    try {
      lambda.invokeLater(schedule.functionArn, eventOf(schedule, dueAtMs));
    } catch (error) {
      options.onUnexpected(error, `schedule ${schedule.name}`);
    }
  };

  return {
    providers: [
      {
        type: 'AWS::Scheduler::Schedule',
        honoured: [
          'Name',
          'GroupName',
          'ScheduleExpression',
          'ScheduleExpressionTimezone',
          'State',
          'FlexibleTimeWindow',
          'Target',
        ],
        ignored: ['Description', 'KmsKeyArn'],
        create,
        remove: async ({ ref }) => {
          schedules.get(ref)?.cancel();
          schedules.delete(ref);
        },
      },
      {
        type: 'AWS::Scheduler::ScheduleGroup',
        honoured: ['Name'],
        ignored: ['Tags'],
        create: async (resource) => {
          const name = z.string().optional().parse(resource.properties['Name']) ?? resource.physicalName;
          const arn = `arn:aws:scheduler:${LOCAL_REGION}:${LOCAL_ACCOUNT}:schedule-group/${name}`;
          return { ref: name, attributes: { Arn: arn, State: 'ACTIVE' } };
        },
      },
    ],
    list: () =>
      [...schedules.values()].map(({ name, arn, functionArn, roleArn }) => ({ name, arn, functionArn, roleArn })),
    start: () => {
      if (isStarted) return;
      isStarted = true;
      for (const schedule of schedules.values()) plan(schedule, clock.now());
    },
    runNow: (name) => {
      const schedule = schedules.get(name);
      if (schedule === undefined) throw new Error(`There is no schedule ${name}.`);
      run(schedule, clock.now());
    },
    close: () => {
      isStarted = false;
      for (const schedule of schedules.values()) schedule.cancel();
    },
  };
}

const unusable = (why: string): Error => new Error(`The local cloud cannot run it so: ${why}`);

/** What a function gets from a schedule that has no Input. */
const defaultInput = (arn: string): string =>
  JSON.stringify({
    version: '0',
    id: '<aws.scheduler.execution-id>',
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: LOCAL_ACCOUNT,
    time: '<aws.scheduler.scheduled-time>',
    region: LOCAL_REGION,
    resources: [arn],
    detail: '{}',
  });

/** The event, with Scheduler's context attributes filled in. Throws where the result is no JSON. */
function eventOf({ input, arn }: Schedule, dueAtMs: number): unknown {
  const values: Record<string, string> = {
    'scheduled-time': `${new Date(dueAtMs).toISOString().slice(0, 19)}Z`,
    'schedule-arn': arn,
    'execution-id': randomUUID(),
    'attempt-number': '1',
  };
  return JSON.parse(input.replaceAll(/<aws\.scheduler\.([a-z-]+)>/g, (whole, name: string) => values[name] ?? whole));
}
