/** Fields of a log line: ids and codes. Payloads, secrets and whatever a client sent never go here. */
type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Writes one JSON line, as Lambda's JSON log format has it. CR and LF cannot occur in it. */
export function log(level: 'INFO' | 'WARN' | 'ERROR', message: string, fields: LogFields = {}): void {
  process.stdout.write(`${JSON.stringify({ timestamp: new Date().toISOString(), level, message, ...fields })}\n`);
}

/** An unexpected error: its class, message and stack, and what caused it in turn. */
export function logError(message: string, error: unknown, fields: LogFields = {}): void {
  const known =
    error instanceof Error
      ? { error: error.name, detail: textOf(error), cause: causeOf(error), stack: stackOf(error) }
      : { detail: String(error) };
  log('ERROR', message, { ...known, ...fields });
}

/** The parser quotes what it cannot read, which is a payload as a rule: of such an error only its name is told. */
const textOf = (error: Error): string => (error instanceof SyntaxError ? error.name : error.message);

const stackOf = (error: Error): string | undefined =>
  error instanceof SyntaxError ? error.stack?.replace(error.message, '') : error.stack;

/** The innermost cause says what AWS answered; those between only say that somebody called it. */
function causeOf(error: Error): string | undefined {
  let cause: unknown = error.cause;
  for (let depth = 0; depth < CAUSES_MAX && cause instanceof Error && cause.cause !== undefined; depth += 1) {
    cause = cause.cause;
  }
  return cause instanceof Error ? `${cause.name}: ${textOf(cause)}` : undefined;
}

/** Errors that wrap one another; more than this is a ring. */
const CAUSES_MAX = 10;
