import { Text, type TextProps } from '@mantine/core';
import { useEffect, useState } from 'react';
import { bothTimes, clockTime, relative } from './format.ts';
import { Hint } from './hint.tsx';

/** Relative times are written anew so often. */
const TICK_MS = 5_000;

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** The time now, which moves on every few seconds: one timer for all that shows it. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const listener = (): void => setNow(Date.now());
    listeners.add(listener);
    timer ??= setInterval(() => {
      for (const one of listeners) one();
    }, TICK_MS);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  }, []);
  return now;
}

/** How long ago, with the exact time (local and UTC) on hover and focus. `—` where there is none. */
export function Ago({
  at,
  never = '—',
  ...text
}: { at: string | number | null | undefined; never?: string } & TextProps) {
  const now = useNow();
  if (at === null || at === undefined)
    return (
      <Text component="span" size="sm" c="dimmed" {...text}>
        {never}
      </Text>
    );
  return (
    <Hint label={bothTimes(at)}>
      <Text component="time" size="sm" dateTime={new Date(at).toISOString()} {...text}>
        {relative(at, now)}
      </Text>
    </Hint>
  );
}

/** "as of 14:03:20": when a count was true. */
export function AsOf({ at }: { at: string | number | undefined }) {
  if (at === undefined) return null;
  return (
    <Hint label={bothTimes(at)}>
      <Text component="span" size="xs" c="dimmed" className="numbers">
        as of {clockTime(at)}
      </Text>
    </Hint>
  );
}
