/* oxlint-disable no-new -- a construct enters the tree by being made */
import { Duration } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { CONFIG_HINT_DETAIL_TYPE, CONFIG_HINT_SOURCE } from '../../shared/config/hint-names.ts';

export type HintBusProps = {
  /** Of the bus; a stage's own. */
  name: string;
  /** Told of each change of configuration. */
  notify: LambdaFunction;
  /** Gets the hints that could not be handed over. */
  missed: Queue;
};

/** Of EventBridge's call to Lambda (trap L8: said, not left to the defaults of 185 and a day). The function catches up every hour. */
const RETRIES_MAX = 3;
const HINT_AGE = Duration.hours(1);

/**
 * The bus on which the control plane says that something was changed. It holds nothing that is not in the control table: a hint that is lost is made
 * up for by the hourly run, so the bus may go with its stack.
 */
export class HintBus extends Construct {
  /** What its senders are told. The text itself, not a reference: it is known beforehand, and their environments are nearly full. */
  readonly busName: string;
  private readonly bus: EventBus;

  constructor(scope: Construct, id: string, { name, notify, missed }: HintBusProps) {
    super(scope, id);
    this.busName = name;
    this.bus = new EventBus(this, 'Bus', { eventBusName: name });
    new Rule(this, 'ConfigurationChanged', {
      eventBus: this.bus,
      eventPattern: { source: [CONFIG_HINT_SOURCE], detailType: [CONFIG_HINT_DETAIL_TYPE] },
      targets: [
        new FunctionTarget(notify, { deadLetterQueue: missed, retryAttempts: RETRIES_MAX, maxEventAge: HINT_AGE }),
      ],
    });
  }

  /** Lets a function say that something was changed, and nothing else. */
  grantHints(fn: LambdaFunction): void {
    this.bus.grantPutEventsTo(fn);
  }
}
