import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type LightClient, lightClient } from '../../shared/aws/light-client.ts';

/** The light client of where an SDK client sends to. */
export async function aLightClient(client: DynamoDBClient): Promise<LightClient> {
  const address = await client.config.endpoint?.();
  if (address === undefined) throw new Error('The client has no address');
  return lightClient('dynamodb', `http://${address.hostname}:${address.port}`, {
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local', sessionToken: undefined },
    endpointUrl: undefined,
  });
}
