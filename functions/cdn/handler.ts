import { lightClient, lightSetting } from '../../shared/aws/light-client.ts';
import { CONFIG_PAGE_BYTES_MAX, lightConfigReader } from '../../shared/aws/light-config-reader.ts';
import { lightSourceStore } from '../../shared/aws/light-source-store.ts';
import { log } from '../../shared/aws/log.ts';
import { cdnEnv, readEnv } from '../../shared/config/env.ts';
import { findKind } from '../../shared/destinations/kinds.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { cdn } from './cdn.ts';

const env = readEnv(cdnEnv, process.env);
const setting = lightSetting(process.env);
const dynamo = lightClient('dynamodb', `https://dynamodb.${setting.region}.amazonaws.com`, setting, {
  answerBytesMax: CONFIG_PAGE_BYTES_MAX,
});

export const handler = httpHandler(
  cdn({
    sources: lightSourceStore(dynamo, env.CONTROL_TABLE_NAME),
    config: lightConfigReader(dynamo, env.CONTROL_TABLE_NAME),
    script: async () => (await import('@segment/analytics-next/dist/umd/standalone.js')).default,
    places: { trackingUrl: env.TRACKING_URL, cdnUrl: env.CDN_URL, deviceScripts: env.DEVICE_SCRIPTS },
    integrationNames: (type) => findKind(type)?.integrationNames ?? [],
    warn: (warning, writeKey) => log('WARN', warning, { code: 'device-mode', writeKey }),
  }),
);
