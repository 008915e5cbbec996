/**
 * The zone of Lambda, for this process and the threads that it starts from now on: a thread takes the zone of its process, whatever TZ its own
 * environment says.
 */
export function useLambdaTimeZone(): void {
  process.env['TZ'] = 'UTC';
}
