import { createHash } from 'node:crypto';

type Form = { charsMax: number; lowerCase?: boolean };
/** Longest names that the services take (each service's API reference); 64 where a type is not listed, which fits all others we use. */
const FORMS: Record<string, Form> = {
  'AWS::DynamoDB::GlobalTable': { charsMax: 255 },
  'AWS::Logs::LogGroup': { charsMax: 512 },
  'AWS::S3::Bucket': { charsMax: 63, lowerCase: true },
  'AWS::SQS::Queue': { charsMax: 80 },
};
const HASH_CHARS = 12;

/**
 * The name of a resource that the template leaves unnamed: the same at every start, unlike for two logical ids or stacks, in the form that the
 * type allows. Types that AWS numbers get an id of the same look.
 */
export function physicalNameOf(stackName: string, logicalId: string, type: string): string {
  const digest = createHash('sha256').update(`${stackName}\n${logicalId}`).digest('hex');
  if (type === 'AWS::KMS::Key') return uuidOf(digest);
  // API ids are 10 characters of a-z and 0-9, and begin with a letter here, since they are host names in execute-api URLs.
  if (type === 'AWS::ApiGatewayV2::Api') return `a${digest.slice(0, 9)}`;
  const { charsMax, lowerCase = false } = FORMS[type] ?? { charsMax: 64 };
  const half = Math.floor((charsMax - HASH_CHARS - 2) / 2);
  const readable = [stackName, logicalId]
    .map((part) => part.replaceAll(/[^A-Za-z0-9-]/g, '-').slice(0, half))
    .join('-');
  const name = `${readable}-${digest.slice(0, HASH_CHARS)}`;
  return lowerCase ? name.toLowerCase() : name;
}

/** The same look as CloudFormation's, the same for the same name at every start. */
export function stackIdOf(stackName: string, region: string, account: string): string {
  const digest = createHash('sha256').update(stackName).digest('hex');
  return `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/${uuidOf(digest)}`;
}

const uuidOf = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
