import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { ApiFault } from './api-fault.ts';

/** Entries of a page where nothing is said (public-api.md 3). */
export const PAGE_COUNT_DEFAULT = 200;
/** Bytes of the entries of one page: Lambda takes 6 MB in an answer, with the envelope and what escapes add. */
const PAGE_BYTES_MAX = 4_000_000;
/** The first page of any list, as the original writes it: base64 of 0. */
const FIRST = 'MA==';

export type PageInput = { cursor?: string | undefined; count?: number | undefined };
export type PageOutput = { current: string; next?: string; previous?: string; totalEntries: number };
export type Pages = {
  /**
   * One page of a list in the order of its keys, which must be unique texts. A cursor names where its page begins, by key: what is added or goes
   * meanwhile moves no other entry to another page. With `bytesOf` a page ends before it has more than PAGE_BYTES_MAX, at least one entry in it. Throws ApiFault 422 for a cursor of another list, another workspace, or that nobody sealed here.
   */
  cut<T>(
    list: {
      name: string;
      items: readonly T[];
      keyOf: (item: T) => string;
      bytesOf?: ((item: T) => number) | undefined;
    },
    input?: PageInput,
  ): Promise<Page<T>>;
  /** For lists that are not in memory: the position that a cursor names, and a cursor for a position. */
  position(name: string, cursor: string | undefined): Promise<string | undefined>;
  cursor(name: string, position: string): Promise<string>;
  readonly first: string;
};
export type Page<T> = { items: T[]; pagination: PageOutput };

/** Bytes of the nonce and of the tag of AES-GCM. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Cursors are sealed for one list of one workspace (AES-256-GCM), so that none can be made up or carried elsewhere (T8), and none tells what it points
 * at: a position may be somebody's address or user id, and cursors are in the URLs that logs keep.
 */
export function signedPages(workspaceId: string, signingKey: () => Promise<Buffer>): Pages {
  const listOf = (name: string): Buffer => Buffer.from(JSON.stringify([workspaceId, name]));
  const keyFor = async (use: string): Promise<Buffer> =>
    createHmac('sha256', await signingKey())
      .update(use)
      .digest();

  const seal = async (name: string, position: string): Promise<string> => {
    const list = listOf(name);
    // Of what is sealed, so that a position has one cursor, and a nonce is not used for two.
    const nonce = createHmac('sha256', await keyFor('cursor-nonce'))
      .update(list)
      .update('\0')
      .update(position)
      .digest()
      .subarray(0, NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', await keyFor('cursor-key'), nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(list);
    const sealed = Buffer.concat([cipher.update(position, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url');
  };

  const position = async (name: string, cursor: string | undefined): Promise<string | undefined> => {
    if (cursor === undefined || cursor === FIRST) return undefined;
    const bytes = Buffer.from(cursor, 'base64url');
    // As it was written: base64 may hold more than is decoded.
    if (bytes.length < NONCE_BYTES + TAG_BYTES || bytes.toString('base64url') !== cursor) throw foreignCursor();
    const key = await keyFor('cursor-key');
    const opened = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    opened.setAAD(listOf(name));
    opened.setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = opened.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    try {
      return Buffer.concat([text, opened.final()]).toString('utf8');
    } catch {
      throw foreignCursor();
    }
  };

  return {
    first: FIRST,
    position,
    cursor: seal,
    cut: async ({ name, items, keyOf, bytesOf }, { cursor, count = PAGE_COUNT_DEFAULT } = {}) => {
      const from = await position(name, cursor);
      const sorted = items.map((item) => ({ item, key: keyOf(item) })).toSorted((a, b) => (a.key < b.key ? -1 : 1));
      const found = from === undefined ? 0 : sorted.findIndex(({ key }) => key >= from);
      const begin = found < 0 ? sorted.length : found;
      const page = fitting(sorted.slice(begin, begin + count), bytesOf);
      const next = sorted[begin + page.length];
      const previous = sorted[Math.max(0, begin - count)];
      return {
        items: page.map(({ item }) => item),
        pagination: {
          current: cursor ?? FIRST,
          ...(next !== undefined && { next: await seal(name, next.key) }),
          ...(begin > 0 &&
            previous !== undefined && {
              previous: begin <= count ? FIRST : await seal(name, previous.key),
            }),
          totalEntries: sorted.length,
        },
      };
    },
  };
}

function fitting<T extends { item: unknown }>(page: T[], bytesOf: ((item: T['item']) => number) | undefined): T[] {
  if (bytesOf === undefined) return page;
  let bytes = 0;
  const end = page.findIndex(({ item }, index) => {
    bytes += bytesOf(item);
    return index > 0 && bytes > PAGE_BYTES_MAX;
  });
  return end === -1 ? page : page.slice(0, end);
}

const foreignCursor = (): ApiFault =>
  new ApiFault(422, [
    {
      type: 'input-validation',
      field: 'pagination.cursor',
      message: 'This cursor is not of this list. Take it from the `pagination` of an answer, or leave it out.',
    },
  ]);
