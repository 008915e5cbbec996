import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export type OperationalAlarmProps = {
  topic: ITopic;
  metric: IMetric;
  /** The alarm goes off when the metric reaches this value in one period. */
  threshold: number;
  /** What is lost or late while it is on, as one sentence. */
  impact: string;
  /** The heading in docs/runbook.md, as an anchor. */
  runbook: string;
};

/** An alarm whose text says what is lost and where to read on. Silence is not an alarm: without data all is well. */
export class OperationalAlarm extends Alarm {
  constructor(scope: Construct, id: string, { topic, metric, threshold, impact, runbook }: OperationalAlarmProps) {
    super(scope, id, {
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `${impact} Runbook: docs/runbook.md#${runbook}`,
    });
    this.addAlarmAction(new SnsAction(topic));
  }
}
