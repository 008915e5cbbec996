import { randomBytes, randomUUID } from 'node:crypto';
import { lightTokenLedger } from '../../shared/aws/light-access-tokens.ts';
import { lightClient, lightSetting } from '../../shared/aws/light-client.ts';
import { lightRateClocks } from '../../shared/aws/light-rate-clocks.ts';
import { logError } from '../../shared/aws/log.ts';
import { oauthEnv, readEnv } from '../../shared/config/env.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { requestLimiter } from '../../shared/pipeline/request-limiter.ts';
import { token } from './token.ts';

const env = readEnv(oauthEnv, process.env);
const setting = lightSetting(process.env);
const dynamo = lightClient('dynamodb', `https://dynamodb.${setting.region}.amazonaws.com`, setting);

const TOKEN_BYTES = 32;

export const handler = httpHandler(
  token({
    ledger: lightTokenLedger(dynamo, { control: env.CONTROL_TABLE_NAME, usage: env.USAGE_TABLE_NAME }),
    limiter: requestLimiter({
      clocks: lightRateClocks(dynamo, env.USAGE_TABLE_NAME),
      nowMs: Date.now,
      random: Math.random,
      warn: (error, unasked) => logError('The limits of apps could not be asked; requests pass', error, { unasked }),
    }),
    now: () => new Date(),
    newToken: () => `oat_${randomBytes(TOKEN_BYTES).toString('base64url')}`,
    newWriteId: randomUUID,
  }),
);
