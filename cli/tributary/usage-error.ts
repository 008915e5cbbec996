import { CliError } from '../cli-error.ts';

/** A mistake in how the command was used: exit code 2. */
export class UsageError extends CliError {}
