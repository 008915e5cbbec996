import { AwsError, type CallContext, type JsonService } from '../../local/types.ts';

type Call = (input: Record<string, unknown>) => Promise<Record<string, unknown>>;

/** A service whose calls of one operation pass through `fault`, which may change, skip or fail them; `call` makes the real one. */
export function faultyService(
  service: JsonService,
  operation: string,
  fault: (input: Record<string, unknown>, call: Call) => Promise<Record<string, unknown>>,
): JsonService {
  return {
    name: service.name,
    call: (name: string, input: Record<string, unknown>, context: CallContext) => {
      const call: Call = (changed) => service.call(name, changed, context);
      return name === operation ? fault(input, call) : call(input);
    },
  };
}

/** The call is made, and its answer is lost: what an SDK sees as a fault of the service, and repeats. */
export const committedThenLost = (): AwsError =>
  new AwsError('InternalServerError', 'The answer was lost after the call was made', 500);
