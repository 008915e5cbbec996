import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { STACK_PARTS, stackName } from './stacks.ts';

/** An alarm that is on: CloudWatch's own description has what is lost and where the runbook goes on. */
export type FiringAlarm = { name: string; since: string; description: string; reason: string };

/** Pages of 100; a deployment has some 60 alarms, and each lane has one. */
const PAGES_MAX = 20;

/** The alarms of a deployment that are on, oldest first; those of other stages in the account are left out. */
export async function firingAlarms(cloudWatch: CloudWatchClient, deployment: string): Promise<FiringAlarm[]> {
  const firing: FiringAlarm[] = [];
  let next: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { MetricAlarms = [], NextToken } = await cloudWatch.send(
      new DescribeAlarmsCommand({ AlarmNamePrefix: `${deployment}-`, StateValue: 'ALARM', NextToken: next }),
    );
    for (const { AlarmName = '', AlarmDescription, StateReason, StateUpdatedTimestamp } of MetricAlarms) {
      // `Tributary-prod-` begins also what `Tributary-prod-eu` has.
      if (!STACK_PARTS.some((part) => AlarmName.startsWith(`${stackName(deployment, part)}-`))) continue;
      firing.push({
        name: AlarmName,
        since: StateUpdatedTimestamp?.toISOString() ?? '',
        description: AlarmDescription ?? '',
        reason: StateReason ?? '',
      });
    }
    next = NextToken;
    if (next === undefined) break;
  }
  return firing.toSorted((a, b) => a.since.localeCompare(b.since) || a.name.localeCompare(b.name));
}
