/** Wrong passwords of one account in one minute (T20: 10 a minute); the next ones are refused unread. */
const TRIES_MAX = 10;
const WINDOW_MS = 60_000;
/** Names that are remembered; beyond it the oldest are forgotten. */
const NAMES_MAX = 10_000;

/** Counts failed sign-ins by name, whether an account has that name or not. */
export function signInTries(nowMs: () => number) {
  const failures = new Map<string, { count: number; sinceMs: number }>();
  const current = (name: string) => {
    const known = failures.get(name);
    return known !== undefined && nowMs() - known.sinceMs < WINDOW_MS ? known : undefined;
  };
  return {
    mayTry: (name: string): boolean => (current(name)?.count ?? 0) < TRIES_MAX,
    failed: (name: string): void => {
      const { count, sinceMs } = current(name) ?? { count: 0, sinceMs: nowMs() };
      failures.delete(name);
      failures.set(name, { count: count + 1, sinceMs });
      const [oldest] = failures.keys();
      if (failures.size > NAMES_MAX && oldest !== undefined) failures.delete(oldest);
    },
    succeeded: (name: string): void => void failures.delete(name),
  };
}
