import { randomBytes } from 'node:crypto';
import { lightAccessGrants } from '../../shared/aws/light-access-tokens.ts';
import { lightClient, lightSetting } from '../../shared/aws/light-client.ts';
import { lightIntakeQueue } from '../../shared/aws/light-intake-queue.ts';
import { lightRateClocks } from '../../shared/aws/light-rate-clocks.ts';
import { lightSealer } from '../../shared/aws/light-sealer.ts';
import { lightSourceStore } from '../../shared/aws/light-source-store.ts';
import { log, logError } from '../../shared/aws/log.ts';
import { ingestEnv, readEnv } from '../../shared/config/env.ts';
import type { IntakeId } from '../../shared/domain/ids.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { refusalCounter } from './refusals.ts';
import { requestLimiter } from '../../shared/pipeline/request-limiter.ts';
import { track } from './track.ts';
import { keyNotes } from './key-notes.ts';

const env = readEnv(ingestEnv, process.env);
const setting = lightSetting(process.env);
const dynamo = lightClient('dynamodb', `https://dynamodb.${setting.region}.amazonaws.com`, setting);
const kms = lightClient('kms', `https://kms.${setting.region}.amazonaws.com`, setting);
const sqs = lightClient('sqs', new URL(env.INTAKE_QUEUE_URL).origin, setting);

const INTAKE_ID_BYTES = 16;
const newIntakeId = () => `in_${randomBytes(INTAKE_ID_BYTES).toString('base64url')}` as IntakeId;
const now = () => new Date();

export const handler = httpHandler(
  track({
    sources: lightSourceStore(dynamo, env.CONTROL_TABLE_NAME),
    grants: lightAccessGrants(dynamo, { control: env.CONTROL_TABLE_NAME, usage: env.USAGE_TABLE_NAME }),
    secrets: lightSealer(kms, undefined),
    intake: lightIntakeQueue(sqs, env.INTAKE_QUEUE_URL),
    limiter: requestLimiter({
      clocks: lightRateClocks(dynamo, env.USAGE_TABLE_NAME),
      nowMs: Date.now,
      random: Math.random,
      warn: (error, unasked) => logError('The limits of sources could not be asked; requests pass', error, { unasked }),
    }),
    refusals: refusalCounter({
      now,
      newNoticeId: newIntakeId,
      warn: (writeKey) =>
        log('WARN', 'A request carried a write key that nobody owns', { code: 'unknown-write-key', writeKey }),
    }),
    now,
    keyNotes: keyNotes(),
    newIntakeId,
  }),
);
