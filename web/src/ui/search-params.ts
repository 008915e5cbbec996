import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

/**
 * One parameter of the address: what is open, filtered or sorted is a link. `parse` makes of any text a value, or undefined. Setting `undefined` takes it
 * away. `replace`: Back does not step through it (typing); else each change is a step.
 */
export function useParam<T extends string>(
  name: string,
  parse: (value: unknown) => T | undefined = text as never,
  { replace = false }: { replace?: boolean } = {},
): [T | undefined, (value: T | undefined) => void] {
  const value = parse(useSearch({ strict: false })[name]);
  const navigate = useNavigate();
  const set = useCallback(
    (next: T | undefined) => {
      void navigate({
        to: '.',
        replace,
        search: (before: Record<string, unknown>) => ({ ...before, [name]: next }),
      } as never);
    },
    [navigate, name, replace],
  );
  return [value, set];
}

/** Text of a parameter; numbers and booleans were read as such by the router. */
export function text(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** One of these words. */
export const oneOf =
  <T extends string>(...words: readonly T[]) =>
  (value: unknown): T | undefined =>
    words.find((word) => word === value);
