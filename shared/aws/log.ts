/** Fields of a log line: ids and codes. Payloads, secrets and whatever a client sent never go here. */
type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Writes one JSON line, as Lambda's JSON log format has it. CR and LF cannot occur in it. */
export function log(level: 'INFO' | 'WARN' | 'ERROR', message: string, fields: LogFields = {}): void {
  process.stdout.write(`${JSON.stringify({ timestamp: new Date().toISOString(), level, message, ...fields })}\n`);
}

/** An unexpected error: its class, message and stack, with what helps to find its cause. */
export function logError(message: string, error: unknown, fields: LogFields = {}): void {
  const known =
    error instanceof Error
      ? { error: error.name, detail: error.message, stack: error.stack }
      : { detail: String(error) };
  log('ERROR', message, { ...known, ...fields });
}
