import type { ResourceToCreate } from '../types.ts';
import {
  booleanProperty,
  integerProperty,
  optionalObject,
  optionalText,
  refuseUnknown,
  requiredText,
  textList,
} from './known-properties.ts';
import { DELAY_SECONDS_MAX, MESSAGE_BYTES_MAX, VISIBILITY_SECONDS_MAX, WAIT_SECONDS_MAX } from './message-rules.ts';

const MESSAGE_BYTES_MIN = 1_024;
const RETENTION_SECONDS = { min: 60, max: 1_209_600, absent: 345_600 };
const MAX_RECEIVE_COUNT_MAX = 1_000;
const QUEUE_NAME = /^[A-Za-z0-9_-]{1,80}$/;

/** What a queue of the template is set to; AWS's defaults where it says nothing. */
export type QueueSettings = {
  visibilitySeconds: number;
  delaySeconds: number;
  retentionSeconds: number;
  messageBytesMax: number;
  waitSeconds: number;
  redrive: { deadLetterTargetArn: string; maxReceiveCount: number } | undefined;
  redriveAllow: { permission: 'allowAll' | 'denyAll' | 'byQueue'; sourceArns: string[] } | undefined;
};

export const QUEUE_HONOURED = [
  'QueueName',
  'VisibilityTimeout',
  'DelaySeconds',
  'MessageRetentionPeriod',
  'MaximumMessageSize',
  'ReceiveMessageWaitTimeSeconds',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'FifoQueue',
] as const;
export const QUEUE_IGNORED = [
  'Tags',
  'SqsManagedSseEnabled',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
] as const;

/** Reads AWS::SQS::Queue. Throws for what SQS would refuse and for what the local cloud cannot honour, FIFO queues among it. */
export function queueSettings({ logicalId, physicalName, properties }: ResourceToCreate): {
  name: string;
  settings: QueueSettings;
} {
  const what = `AWS::SQS::Queue ${logicalId}`;
  refuseUnknown(what, properties, [...QUEUE_HONOURED, ...QUEUE_IGNORED]);
  const name = optionalText(`${what}.QueueName`, properties['QueueName']) ?? physicalName;
  if (booleanProperty(`${what}.FifoQueue`, properties['FifoQueue'], false) || name.endsWith('.fifo')) {
    throw new Error(`${what}: the local cloud has no FIFO queues.`);
  }
  if (!QUEUE_NAME.test(name)) throw new Error(`${what}: a queue cannot be named ${name}.`);
  const integer = (property: string, range: { min: number; max: number; absent: number }) =>
    integerProperty(`${what}.${property}`, properties[property], range);
  return {
    name,
    settings: {
      visibilitySeconds: integer('VisibilityTimeout', { min: 0, max: VISIBILITY_SECONDS_MAX, absent: 30 }),
      delaySeconds: integer('DelaySeconds', { min: 0, max: DELAY_SECONDS_MAX, absent: 0 }),
      retentionSeconds: integer('MessageRetentionPeriod', RETENTION_SECONDS),
      messageBytesMax: integer('MaximumMessageSize', {
        min: MESSAGE_BYTES_MIN,
        max: MESSAGE_BYTES_MAX,
        absent: MESSAGE_BYTES_MAX,
      }),
      waitSeconds: integer('ReceiveMessageWaitTimeSeconds', { min: 0, max: WAIT_SECONDS_MAX, absent: 0 }),
      redrive: redrive(`${what}.RedrivePolicy`, properties['RedrivePolicy']),
      redriveAllow: redriveAllow(`${what}.RedriveAllowPolicy`, properties['RedriveAllowPolicy']),
    },
  };
}

function redrive(what: string, value: unknown): QueueSettings['redrive'] {
  const policy = optionalObject(what, value);
  if (policy === undefined) return undefined;
  refuseUnknown(what, policy, ['deadLetterTargetArn', 'maxReceiveCount']);
  return {
    deadLetterTargetArn: requiredText(`${what}.deadLetterTargetArn`, policy['deadLetterTargetArn']),
    maxReceiveCount: integerProperty(`${what}.maxReceiveCount`, policy['maxReceiveCount'], {
      min: 1,
      max: MAX_RECEIVE_COUNT_MAX,
      absent: 10,
    }),
  };
}

function redriveAllow(what: string, value: unknown): QueueSettings['redriveAllow'] {
  const policy = optionalObject(what, value);
  if (policy === undefined) return undefined;
  refuseUnknown(what, policy, ['redrivePermission', 'sourceQueueArns']);
  const permission = optionalText(`${what}.redrivePermission`, policy['redrivePermission']) ?? 'allowAll';
  if (permission !== 'allowAll' && permission !== 'denyAll' && permission !== 'byQueue') {
    throw new Error(`${what}.redrivePermission cannot be ${permission}.`);
  }
  return { permission, sourceArns: textList(`${what}.sourceQueueArns`, policy['sourceQueueArns']) };
}
