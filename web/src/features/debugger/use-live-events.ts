import { useCallback, useEffect, useRef, useState } from 'react';
import { type DataOf, useApi } from '../../api/calls.ts';
import { type LiveRows, NO_ROWS, released, ROWS_MAX, withNewer, withOlder } from './live-rows.ts';
import { apiQuery, type Narrowed } from './query.ts';

/** Between two looks for what came. */
const LIVE_MS = 1_500;
/** The longest pause while the API fails. */
const PAUSE_MS_MAX = 60_000;
/** Events of the first answer, and of each older page. */
const PAGE = 200;

type Answer = DataOf<'listSourceEvents'>;

export type LiveEvents = LiveRows & {
  /** False until the first answer for what is asked now. */
  isReady: boolean;
  /** Of what is asked now nothing was answered yet, and what is shown is of before. */
  isSearching: boolean;
  error: Error | undefined;
  coverage: Answer['coverage'] | undefined;
  keepAllUntil: string | null;
  /** There are older ones, and room for them. */
  hasOlder: boolean;
  isLoadingOlder: boolean;
  loadOlder: () => void;
  /** The list must not move, or may again: then what waited is shown. */
  hold: (isHeld: boolean) => void;
  release: () => void;
  /** What was told of keeping everything. */
  tellKeepAll: (until: string | null) => void;
  retry: () => void;
};

/**
 * Events of a source as they come: a first page, then what came since, every 1.5 s while the page is seen and not paused. While the list is held, what
 * comes waits. Failures are asked again after growing pauses; what is shown stays.
 */
export function useLiveEvents(sourceId: string, narrowed: Narrowed, isPaused: boolean): LiveEvents {
  const api = useApi();
  const asked = JSON.stringify(apiQuery(narrowed));
  const [rows, setRows] = useState<LiveRows>(NO_ROWS);
  const [answered, setAnswered] = useState<string>();
  const [error, setError] = useState<Error>();
  const [told, setTold] = useState<Pick<Answer, 'coverage' | 'keepAllUntil'>>();
  const [next, setNext] = useState<string | null>(null);
  const [isLoadingOlder, setLoadingOlder] = useState(false);
  const [turn, setTurn] = useState(0);
  const cursor = useRef<{ asked: string; turn: number; after: string } | undefined>(undefined);
  const held = useRef(false);

  useEffect(() => {
    let hasEnded = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;
    const query = JSON.parse(asked) as ReturnType<typeof apiQuery>;
    const isSame = (): boolean => cursor.current?.asked === asked && cursor.current.turn === turn;
    const look = async (): Promise<void> => {
      const after = isSame() ? cursor.current?.after : undefined;
      const answer = await api.call('listSourceEvents', {
        path: { sourceId },
        query: after === undefined ? { ...query, count: PAGE } : { ...query, after },
      });
      if (hasEnded) return;
      cursor.current = { asked, turn, after: answer.after };
      setError(undefined);
      if (after === undefined) {
        setRows(withNewer(NO_ROWS, answer.events, false));
        setNext(answer.next);
        setTold({ coverage: answer.coverage, keepAllUntil: answer.keepAllUntil });
        setAnswered(asked);
        return;
      }
      setRows((now) => withNewer(now, answer.events, held.current));
      setTold((now) => now && { ...now, keepAllUntil: answer.keepAllUntil });
    };
    const again = (): void => {
      if (hasEnded) return;
      timer = setTimeout(() => void run(), Math.min(PAUSE_MS_MAX, LIVE_MS * 2 ** failures));
    };
    const run = async (): Promise<void> => {
      if (document.hidden && isSame()) return again();
      try {
        await look();
        failures = 0;
      } catch (cause) {
        if (hasEnded) return;
        failures += 1;
        setError(cause instanceof Error ? cause : new Error(String(cause)));
      }
      // Paused, it was only asked because something new was wanted.
      if (!isPaused || !isSame()) again();
    };
    // A pause stops what comes; what is asked anew is answered once all the same.
    if (!isPaused || !isSame()) void run();
    return () => {
      hasEnded = true;
      clearTimeout(timer);
    };
  }, [api, sourceId, asked, isPaused, turn]);

  const loadOlder = useCallback(() => {
    if (next === null) return;
    setLoadingOlder(true);
    api
      .call('listSourceEvents', {
        path: { sourceId },
        query: { ...(JSON.parse(asked) as ReturnType<typeof apiQuery>), before: next, count: PAGE },
      })
      .then(
        (answer) => {
          // Something else is asked by now, and its first page is here: these are none of it.
          if (cursor.current?.asked !== asked) return;
          setRows((now) => withOlder(now, answer.events));
          setTold((now) => now && { ...now, coverage: together(now.coverage, answer.coverage) });
          setNext(answer.next);
        },
        (cause: unknown) => setError(cause instanceof Error ? cause : new Error(String(cause))),
      )
      .finally(() => setLoadingOlder(false));
  }, [api, sourceId, asked, next]);

  return {
    ...rows,
    isReady: answered !== undefined,
    isSearching: answered !== asked,
    error,
    coverage: told?.coverage,
    keepAllUntil: told?.keepAllUntil ?? null,
    hasOlder: next !== null && rows.shown.length < ROWS_MAX,
    isLoadingOlder,
    loadOlder,
    hold: useCallback(
      (isHeld: boolean) => {
        if (held.current === isHeld) return;
        held.current = isHeld;
        if (!isHeld && !isPaused) setRows(released);
      },
      [isPaused],
    ),
    release: useCallback(() => setRows(released), []),
    tellKeepAll: useCallback((until: string | null) => setTold((now) => now && { ...now, keepAllUntil: until }), []),
    retry: useCallback(() => setTurn((now) => now + 1), []),
  };
}

/** What two pages of one search rest on, the second older. */
const together = (newer: Answer['coverage'], older: Answer['coverage']): Answer['coverage'] => {
  const kept = newer.kept + older.kept;
  const received = newer.received + older.received;
  return {
    ...newer,
    from: older.from,
    kept,
    received,
    share: received === 0 ? 1 : kept / received,
    isWhole: older.isWhole,
  };
};
