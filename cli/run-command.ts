import { resolve } from 'node:path';
import { AppError } from '../shared/domain/app-error.ts';
import { CliError } from './cli-error.ts';

/**
 * Runs a command's main function, which may answer an exit code. What a person can put right becomes one sentence on standard error and exit
 * code 1; anything else keeps its stack, because it is a bug.
 */
export async function runCommand(main: (argv: string[]) => Promise<number | void>): Promise<void> {
  try {
    process.exitCode = (await main(process.argv.slice(2))) ?? 0;
  } catch (error) {
    const sentence = sentenceFor(error);
    console.error(sentence ?? error);
    process.exitCode = 1;
  }
}

/** What to tell a person about a known failure; `undefined` for a bug. */
export function sentenceFor(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof CliError) return error.message;
  if (error instanceof AppError) return `${error.message}.`;
  if (error.name === 'CredentialsProviderError') {
    return 'The AWS SDK found no credentials: set AWS_PROFILE, or sign in with "aws sso login", and try again.';
  }
  if (/^(ExpiredToken|ExpiredTokenException|RequestExpired)$/.test(error.name)) {
    return 'The AWS credentials have expired: sign in again and repeat the command.';
  }
  if (/^(AccessDenied|AccessDeniedException|UnauthorizedOperation)$/.test(error.name)) {
    return `AWS does not allow this with the present credentials: ${error.message}.`;
  }
  if ('code' in error && (error.code === 'ECONNREFUSED' || error.code === 'ENOTFOUND')) {
    return `Nothing answers there: ${error.message || error.code}.`;
  }
  if (/Region is missing/.test(error.message)) return 'No AWS region is set: set AWS_REGION and try again.';
  return undefined;
}

/** A path as it was typed: npm runs scripts in the repository's folder and says in INIT_CWD where the person was. */
export const asTyped = (path: string): string => resolve(process.env['INIT_CWD'] ?? process.cwd(), path);
