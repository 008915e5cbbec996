import { setTimeout as wait } from 'node:timers/promises';
import {
  type CloudFormationClient,
  DeleteStackCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { CliError } from '../cli-error.ts';
import { findStack } from './stacks.ts';

/** CloudFormation needs a few minutes for these stacks; an hour means that it hangs. */
const DELETE_MINUTES_MAX = 60;

/**
 * Deletes a stack and waits until it is gone. Answers false where there was none. `unprotect` switches its termination protection off
 * first. Throws CliError with CloudFormation's reason where it does not go.
 */
export async function removeStack(
  cloudFormation: CloudFormationClient,
  name: string,
  options: { unprotect: boolean; pollMs: number },
): Promise<boolean> {
  const found = await findStack(cloudFormation, name);
  if (found === undefined) return false;
  if (options.unprotect) {
    await cloudFormation.send(
      new UpdateTerminationProtectionCommand({ StackName: name, EnableTerminationProtection: false }),
    );
  }
  await cloudFormation.send(new DeleteStackCommand({ StackName: name }));
  for (let polls = 0; polls < (DELETE_MINUTES_MAX * 60_000) / options.pollMs; polls += 1) {
    const stack = await findStack(cloudFormation, name);
    if (stack === undefined) return true;
    if (stack.StackStatus === 'DELETE_FAILED') {
      throw new CliError(`CloudFormation cannot delete ${name}: ${stack.StackStatusReason ?? 'it gives no reason'}.`);
    }
    await wait(options.pollMs);
  }
  throw new CliError(`${name} is not gone after ${DELETE_MINUTES_MAX} minutes: look at its events in CloudFormation.`);
}
