import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { type MetricName, metricNamespace } from '../../shared/config/metrics.ts';
import { OperationalAlarm } from './operational-alarm.ts';

export type CountAlarmProps = {
  topic: ITopic;
  stage: string;
  name: MetricName;
  /** In whole minutes; the alarm is on for as long after the last count. */
  periodMinutes: number;
  impact: string;
  runbook: string;
};

/** Goes off when a function counts anything under one of our own metrics. */
export class CountAlarm extends OperationalAlarm {
  constructor(scope: Construct, id: string, { topic, stage, name, periodMinutes, impact, runbook }: CountAlarmProps) {
    super(scope, id, {
      topic,
      metric: new Metric({
        namespace: metricNamespace(stage),
        metricName: name,
        statistic: 'Sum',
        period: Duration.minutes(periodMinutes),
      }),
      threshold: 1,
      impact,
      runbook,
    });
  }
}
