/** Paths that are counted apart; what comes to further ones is counted under OTHER_PATHS. */
export const PATHS_MAX = 200;
export const OTHER_PATHS = '(other paths)';
/** Pairs of path and messageId whose tries are remembered; further ones are counted, not remembered. */
export const TRIED_MAX = 200_000;
/** Tries that are remembered of one event at one path: the first ones. */
export const TRIES_KEPT = 20;

/** One try of one event, and how it was answered: a status, or a word such as `reset`. */
export type Try = {
  path: string;
  at: string;
  answer: number | string;
  /** When the sender was asked to wait until. */
  notBefore?: string;
  /** Set where it came before the time that an earlier answer had asked for. */
  early?: true;
};

/** What one path saw, in events. */
export type PathLedger = {
  requests: number;
  events: number;
  taken: number;
  messageIds: number;
  takenMessageIds: number;
  /** Answers that asked an event's sender to wait, and tries that came before that time. */
  asked: number;
  early: number;
};

/** Tries of one messageId at one path. */
type Tried = { tries: number; isTaken: boolean; notBeforeMs: number; kept: Try[] };
type PathBook = { ledger: PathLedger; tried: Map<string, Tried> };

/** The sink's books by path and messageId: how often an event was tried, how each try ended, and whether a Retry-After was kept. */
export function tries() {
  let books = new Map<string, PathBook>();
  let remembered = 0;

  const bookOf = (path: string): PathBook => {
    const name = books.has(path) || books.size < PATHS_MAX ? path : OTHER_PATHS;
    const known = books.get(name);
    if (known !== undefined) return known;
    const book: PathBook = { ledger: { ...NOTHING }, tried: new Map() };
    books.set(name, book);
    return book;
  };

  return {
    /** Tries before this one; of several events, of the one that was tried least. 0 for what has no messageId. */
    before: (path: string, messageIds: readonly (string | undefined)[]): number => {
      const tried = books.get(path)?.tried;
      return Math.min(...messageIds.map((id) => (id === undefined ? 0 : (tried?.get(id)?.tries ?? 0))));
    },
    add: (request: {
      atMs: number;
      path: string;
      answer: number | string;
      isTaken: boolean;
      notBeforeMs?: number;
      messageIds: readonly (string | undefined)[];
    }): void => {
      const { ledger, tried: book } = bookOf(request.path);
      ledger.requests += 1;
      for (const messageId of request.messageIds) {
        ledger.events += 1;
        if (request.isTaken) ledger.taken += 1;
        if (messageId === undefined) continue;
        let tried = book.get(messageId);
        if (tried === undefined) {
          if (remembered >= TRIED_MAX) continue;
          remembered += 1;
          ledger.messageIds += 1;
          tried = { tries: 0, isTaken: false, notBeforeMs: 0, kept: [] };
          book.set(messageId, tried);
        }
        const isEarly = request.atMs < tried.notBeforeMs;
        if (isEarly) ledger.early += 1;
        if (request.isTaken && !tried.isTaken) ledger.takenMessageIds += 1;
        if (request.notBeforeMs !== undefined) ledger.asked += 1;
        tried.tries += 1;
        tried.isTaken ||= request.isTaken;
        tried.notBeforeMs = request.notBeforeMs ?? 0;
        if (tried.kept.length < TRIES_KEPT) tried.kept.push(tryOf(request, isEarly));
      }
    },
    /** Every try of an event that is remembered, oldest first. */
    of: (messageId: string): Try[] =>
      [...books.values()]
        .flatMap(({ tried }) => tried.get(messageId)?.kept ?? [])
        .toSorted((a, b) => a.at.localeCompare(b.at)),
    ledger: (): Record<string, PathLedger> =>
      Object.fromEntries([...books].map(([path, { ledger }]) => [path, { ...ledger }])),
    clear: (): void => {
      books = new Map();
      remembered = 0;
    },
  };
}

const NOTHING: PathLedger = {
  requests: 0,
  events: 0,
  taken: 0,
  messageIds: 0,
  takenMessageIds: 0,
  asked: 0,
  early: 0,
};

const tryOf = (
  request: { atMs: number; path: string; answer: number | string; notBeforeMs?: number },
  isEarly: boolean,
): Try => ({
  path: request.path,
  at: new Date(request.atMs).toISOString(),
  answer: request.answer,
  ...(request.notBeforeMs !== undefined && { notBefore: new Date(request.notBeforeMs).toISOString() }),
  ...(isEarly && { early: true }),
});
