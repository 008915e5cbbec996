import { manualClock } from '../../../../local/clock.ts';
import type { Scheduler } from '../../../../local/scheduler/scheduler.ts';
import { scheduler } from '../../../../local/scheduler/scheduler.ts';
import { fakeLambdaHost } from '../../../builders/lambda-host.ts';

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:aggregate-usage';
const ROLE = 'arn:aws:iam::000000000000:role/schedule';
const START = Date.parse('2026-01-30T12:00:00Z');
const MINUTE_MS = 60_000;

const aSchedule = (given: Record<string, unknown> = {}, target: Record<string, unknown> = {}) => ({
  Name: 'hourly',
  ScheduleExpression: 'rate(1 hour)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: { Arn: FUNCTION, RoleArn: ROLE, Input: '{"at":"<aws.scheduler.scheduled-time>"}', ...target },
  ...given,
});

function setUp() {
  const clock = manualClock(START);
  const { host, calls } = fakeLambdaHost(() => ({ ok: true, payload: null }));
  const made = scheduler({ clock, lambda: host, onUnexpected: () => {} });
  return { clock, calls, made };
}
const create = (made: Scheduler, properties: Record<string, unknown>, type = 'Schedule') => {
  const provider = made.providers.find((provider) => provider.type === `AWS::Scheduler::${type}`);
  if (provider === undefined) throw new Error(type);
  return provider.create({ stackName: 'Stack', logicalId: 'Run', physicalName: 'stack-run', properties });
};

test('a schedule hands its input over each time it is due, the time filled in, from the start on', async () => {
  const { clock, calls, made } = setUp();
  await expect(create(made, aSchedule())).resolves.toEqual({
    ref: 'hourly',
    attributes: { Arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/hourly' },
  });
  clock.advance(120 * MINUTE_MS);
  expect(calls).toEqual([]);
  made.start();
  clock.advance(125 * MINUTE_MS);
  expect(calls).toEqual([
    { functionName: FUNCTION, event: { at: '2026-01-30T15:00:00Z' } },
    { functionName: FUNCTION, event: { at: '2026-01-30T16:00:00Z' } },
  ]);
  made.close();
  clock.advance(600 * MINUTE_MS);
  expect(calls).toHaveLength(2);
});

test('a disabled schedule runs only by hand', async () => {
  const { clock, calls, made } = setUp();
  await create(made, aSchedule({ State: 'DISABLED' }));
  made.start();
  clock.advance(300 * MINUTE_MS);
  expect(calls).toEqual([]);
  made.runNow('hourly');
  expect(calls).toEqual([{ functionName: FUNCTION, event: { at: '2026-01-30T17:00:00Z' } }]);
  expect(() => made.runNow('daily')).toThrow('There is no schedule daily.');
});

test('a one-time schedule far away runs once, though no timer is that long', async () => {
  const { clock, calls, made } = setUp();
  await create(
    made,
    aSchedule({ ScheduleExpression: 'at(2026-04-01T08:00:00)', ScheduleExpressionTimezone: 'Europe/Berlin' }),
  );
  made.start();
  clock.advance(365 * 24 * 60 * MINUTE_MS);
  expect(calls).toEqual([{ functionName: FUNCTION, event: { at: '2026-04-01T06:00:00Z' } }]);
});

test('without an Input the function gets Scheduler’s own event', async () => {
  const { calls, made } = setUp();
  await create(made, aSchedule({}, { Input: undefined }));
  made.runNow('hourly');
  expect(calls).toEqual([
    {
      functionName: FUNCTION,
      event: {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        'detail-type': 'Scheduled Event',
        source: 'aws.scheduler',
        account: '000000000000',
        time: '2026-01-30T12:00:00Z',
        region: 'us-east-1',
        resources: ['arn:aws:scheduler:us-east-1:000000000000:schedule/default/hourly'],
        detail: '{}',
      },
    },
  ]);
});

test('a schedule made again runs by its new expression only; a removed one not at all', async () => {
  const { clock, calls, made } = setUp();
  made.start();
  await create(made, aSchedule());
  await create(made, aSchedule({ ScheduleExpression: 'cron(30 * * * ? *)' }));
  clock.advance(90 * MINUTE_MS);
  expect(calls.map(({ event }) => event)).toEqual([{ at: '2026-01-30T12:30:00Z' }, { at: '2026-01-30T13:30:00Z' }]);
  expect(made.list()).toEqual([
    {
      name: 'hourly',
      arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/hourly',
      functionArn: FUNCTION,
      roleArn: ROLE,
    },
  ]);
  await made.providers[0]?.remove?.({ physicalName: 'stack-run', ref: 'hourly' });
  clock.advance(90 * MINUTE_MS);
  expect([calls.length, made.list()]).toEqual([2, []]);
});

test('retry policy, dead-letter queue and group are taken as the template has them', async () => {
  const { made } = setUp();
  await expect(create(made, {}, 'ScheduleGroup')).resolves.toEqual({
    ref: 'stack-run',
    attributes: { Arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule-group/stack-run', State: 'ACTIVE' },
  });
  const policies = {
    RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3_600 },
    DeadLetterConfig: { Arn: 'arn:aws:sqs:us-east-1:000000000000:missed' },
  };
  await expect(
    create(made, { ...aSchedule({ Name: undefined, GroupName: 'stack-run' }, policies) }),
  ).resolves.toMatchObject({
    attributes: { Arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/stack-run/stack-run' },
  });
});

test.each([
  [
    'a flexible window',
    aSchedule({ FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 } }),
    /FlexibleTimeWindow/,
  ],
  ['a target that is no function', aSchedule({}, { Arn: 'arn:aws:sqs:us-east-1:000000000000:q' }), /arn:aws:lambda/],
  ['parameters of another kind of target', aSchedule({}, { SqsParameters: {} }), /SqsParameters/],
  ['an input that is no JSON', aSchedule({}, { Input: 'now' }), /Input is not JSON/],
])('%s is refused by name', async (_case, properties, why) => {
  await expect(create(setUp().made, properties)).rejects.toThrow(why);
});
