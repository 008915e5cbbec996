/* oxlint-disable no-new -- a construct enters the tree by being made */
import { Duration, type Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Dashboard, GraphWidget, type IMetric, type IWidget, Metric, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { METRICS, metricNamespace } from '../../shared/config/metrics.ts';
import { HandlerFunction } from './handler-function.ts';
import { ScheduledRun } from './scheduled-run.ts';

export type OperatorsDashboardProps = {
  stage: string;
  trackingApi: HttpApi;
  intake: Queue;
  archive: Queue;
  /** The shared one first. */
  lanes: readonly Queue[];
  /** By what they are called in the graph. */
  deadLetters: Readonly<Record<string, Queue>>;
  /** Whose functions and schedules are shown: all that are in them when this is made. */
  stacks: readonly Stack[];
};

const WIDTH = 12;
const HEIGHT = 6;
/** Periods of the graphs. */
const MINUTE = Duration.minutes(1);
const FIVE_MINUTES = Duration.minutes(5);

/**
 * Two dashboards: how events flow, and how functions do. CloudWatch gives an account three without charge, of 50 metrics each; with more than some 25 lanes
 * the first is above that and costs $3 a month. Numbers about sources and destinations are in the app, from the books.
 */
export class OperatorsDashboard extends Construct {
  constructor(scope: Construct, id: string, props: OperatorsDashboardProps) {
    super(scope, id);
    const { stage, trackingApi, intake, archive, lanes, stacks } = props;
    const inside = stacks.flatMap((stack) => stack.node.findAll());
    const functions = inside.filter((one) => one instanceof HandlerFunction);
    const missed = inside.filter((one) => one instanceof ScheduledRun).map((run) => [run.node.id, run.missed] as const);
    const name = `Tributary-${stage}`;

    const waiting: readonly (readonly [string, Queue])[] = [
      ['intake', intake],
      ['archive', archive],
      ...lanes.map((queue, index) => [index === 0 ? 'shared lane' : `lane ${index - 1}`, queue] as const),
    ];
    const flow = [
      note(
        `## ${name}: events\nWhat each alarm means and what to do is in docs/runbook.md. Numbers of one source or destination are in the app.`,
      ),
      graph('Requests of the tracking API', [
        trackingApi.metricCount({ period: MINUTE, statistic: 'Sum', label: 'requests' }),
        trackingApi.metricClientError({ period: MINUTE, statistic: 'Sum', label: '4xx' }),
        trackingApi.metricServerError({ period: MINUTE, statistic: 'Sum', label: '5xx' }),
      ]),
      graph(
        'Age of the oldest message, in seconds (what waits for its next try lies in a lane, 15 minutes at most)',
        waiting.map(([label, queue]) =>
          queue.metricApproximateAgeOfOldestMessage({ period: MINUTE, statistic: 'Maximum', label }),
        ),
      ),
      graph(
        'Messages that nobody could finish',
        [...Object.entries(props.deadLetters), ...missed].map(([label, queue]) =>
          queue.metricApproximateNumberOfMessagesVisible({ period: MINUTE, statistic: 'Maximum', label }),
        ),
      ),
      graph(
        'Waiting to be taken',
        waiting
          .slice(0, QUEUES_BY_COUNT)
          .map(([label, queue]) =>
            queue.metricApproximateNumberOfMessagesVisible({ period: MINUTE, statistic: 'Maximum', label }),
          ),
      ),
      graph(
        'Counted by ourselves',
        METRICS.map(
          (metricName) =>
            new Metric({ namespace: metricNamespace(stage), metricName, statistic: 'Sum', period: FIVE_MINUTES }),
        ),
      ),
    ];
    const named = functions.map(({ name: label, fn }) => ({ label, fn }));
    const work = [
      note(
        `## ${name}: functions\nAn error is a timeout, a lack of memory or a failed start; what a function refuses is none. Throttles mean that the account's concurrency is used up.`,
      ),
      graph(
        'Errors',
        named.map(({ label, fn }) => fn.metricErrors({ period: FIVE_MINUTES, statistic: 'Sum', label })),
      ),
      graph(
        'Throttles',
        named.map(({ label, fn }) => fn.metricThrottles({ period: FIVE_MINUTES, statistic: 'Sum', label })),
      ),
      graph(
        'Duration, 95 of 100 are quicker, in ms',
        named.map(({ label, fn }) => fn.metricDuration({ period: FIVE_MINUTES, statistic: 'p95', label })),
      ),
    ];
    new Dashboard(this, 'Flow', { dashboardName: name, widgets: inRows(flow) });
    new Dashboard(this, 'Functions', { dashboardName: `${name}-functions`, widgets: inRows(work) });
  }
}

/** Intake, archive, shared lane: of the others age alone says whether something is wrong. */
const QUEUES_BY_COUNT = 3;

const graph = (title: string, left: IMetric[]): IWidget =>
  new GraphWidget({ title, left, width: WIDTH, height: HEIGHT, leftYAxis: { min: 0 } });
const note = (markdown: string): IWidget => new TextWidget({ markdown, width: 2 * WIDTH, height: 2 });

/** The note, then two to a row. */
function inRows([first, ...rest]: readonly IWidget[]): IWidget[][] {
  const rows: IWidget[][] = first === undefined ? [] : [[first]];
  for (let at = 0; at < rest.length; at += 2) rows.push(rest.slice(at, at + 2));
  return rows;
}
