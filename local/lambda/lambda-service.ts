import { AwsError, type LambdaHost, type RawService } from '../types.ts';
import { functionArn, functionNameOf } from './function-settings.ts';

const INVOCATIONS = /^\/2015-03-31\/functions\/([^/?]{1,170})\/invocations(?:\?.*)?$/;

/**
 * Lambda's API as functions call it: Invoke, answered with what the function answers, or at once where it is asked for as an `Event`. The function's failure
 * is told as Lambda tells it, in a header of an answer with status 200. What else there is of the API is refused.
 */
export function lambdaService(lambda: Pick<LambdaHost, 'invoke' | 'invokeLater'>): RawService {
  const nameIn = (target: string): string => {
    const found = INVOCATIONS.exec(target)?.[1];
    if (found === undefined) {
      throw new AwsError('UnknownOperationException', 'The local cloud knows Invoke of the Lambda API alone.', 404);
    }
    return functionNameOf(decodeURIComponent(found));
  };
  return {
    name: 'lambda',
    identify: ({ method, target }) => {
      if (method !== 'POST') throw new AwsError('UnknownOperationException', `Invoke is a POST, not ${method}.`, 404);
      return { operation: 'InvokeFunction', resource: functionArn(nameIn(target)) };
    },
    call: async (_operation, { target, headers, body }) => {
      const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
      if (type === 'Event') {
        lambda.invokeLater(nameIn(target), eventIn(body));
        return { status: 202, headers: {}, body: '' };
      }
      if (type !== 'RequestResponse') {
        throw new AwsError('InvalidParameterValueException', `The local cloud does not invoke by ${String(type)}.`);
      }
      const result = await lambda.invoke(nameIn(target), eventIn(body));
      const answer = result.ok ? result.payload : { errorType: result.errorType, errorMessage: result.errorMessage };
      return {
        status: 200,
        headers: {
          'content-type': 'application/json',
          'x-amz-executed-version': '$LATEST',
          ...(!result.ok && { 'x-amz-function-error': 'Unhandled' }),
        },
        body: Buffer.from(JSON.stringify(answer ?? null)),
      };
    },
  };
}

function eventIn(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json.');
  }
}
