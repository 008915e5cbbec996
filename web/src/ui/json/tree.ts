import {
  entriesOf,
  isContainer,
  type Kind,
  kindOf,
  type Path,
  pointerOf,
  quoted,
  type Step,
  sizeOf,
} from './values.ts';

/** Rows that are shown before a "show more" button, and added by it. */
export const ROWS_STEP = 2_000;
/** Deeper than this nothing is shown in the tree; the raw text has it. */
export const TREE_DEPTH_MAX = 100;
/** Values that a search looks at. */
const SEARCH_VALUES_MAX = 50_000;
/** Matches that a search finds. */
const MATCHES_MAX = 1_000;

/** One row of the tree. */
export type TreeRow = {
  pointer: string;
  path: Path;
  /** The key or index; `undefined` at the root. */
  step: Step | undefined;
  depth: number;
  kind: Kind;
  value: unknown;
  /** Values inside; 0 of one without parts. */
  size: number;
  open: boolean;
  /** Its place among its siblings, from 1, and their number. */
  place: number;
  siblings: number;
};

/** Which containers are open: those less deep than `depth`, save for the ones named, which are the other way round. */
export type Openness = { depth: number; turned: ReadonlySet<string> };

/** Whether the container at a pointer is open. None is, from `TREE_DEPTH_MAX` on. */
export const isOpen = ({ depth, turned }: Openness, pointer: string, at: number): boolean =>
  at < TREE_DEPTH_MAX && turned.has(pointer) !== at < depth;

/** The visible rows in order, no more than `max`, and whether there would be more. */
export function treeRows(value: unknown, openness: Openness, max: number): { rows: TreeRow[]; more: boolean } {
  const rows: TreeRow[] = [];
  const waiting: Iterator<TreeRow>[] = [[rowOf(value, [], undefined, 1, 1, openness)].values()];
  for (let inner = waiting.at(-1); inner !== undefined; inner = waiting.at(-1)) {
    const next = inner.next();
    if (next.done === true) {
      waiting.pop();
      continue;
    }
    if (rows.length >= max) return { rows, more: true };
    rows.push(next.value);
    if (next.value.open) waiting.push(childRows(next.value, openness));
  }
  return { rows, more: false };
}

function* childRows(parent: TreeRow, openness: Openness): Generator<TreeRow> {
  if (!isContainer(parent.value)) return;
  let place = 0;
  for (const [step, value] of entriesOf(parent.value)) {
    place++;
    yield rowOf(value, [...parent.path, step], step, place, parent.size, openness);
  }
}

function rowOf(
  value: unknown,
  path: Path,
  step: Step | undefined,
  place: number,
  siblings: number,
  openness: Openness,
): TreeRow {
  const pointer = pointerOf(path);
  const size = isContainer(value) ? sizeOf(value) : 0;
  const open = size > 0 && isOpen(openness, pointer, path.length);
  return { pointer, path, step, depth: path.length, kind: kindOf(value), value, size, open, place, siblings };
}

/** What a search found: pointers of the matches in order, and of the containers to open for them. */
export type Found = { matches: ReadonlySet<string>; ancestors: ReadonlySet<string>; more: boolean };

/** Finds keys and values without parts that contain the text, whatever its case. Bounded; `more` says that it ended early. */
export function findIn(value: unknown, text: string): Found {
  const wanted = text.trim().toLowerCase();
  const matches = new Set<string>();
  const ancestors = new Set<string>();
  if (wanted === '') return { matches, ancestors, more: false };
  const waiting: { value: unknown; path: Path }[] = [{ value, path: [] }];
  let looked = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    looked++;
    if (looked > SEARCH_VALUES_MAX || matches.size >= MATCHES_MAX) return { matches, ancestors, more: true };
    const { value: here, path } = next;
    if (isContainer(here) && path.length < TREE_DEPTH_MAX) {
      for (const [step, inner] of entriesOf(here).toReversed()) waiting.push({ value: inner, path: [...path, step] });
    }
    const key = path.at(-1);
    const inKey = typeof key === 'string' && key.toLowerCase().includes(wanted);
    if (!inKey && (isContainer(here) || !String(here).toLowerCase().includes(wanted))) continue;
    matches.add(pointerOf(path));
    for (let up = 0; up < path.length; up++) ancestors.add(pointerOf(path.slice(0, up)));
  }
  return { matches, ancestors, more: false };
}

/** What stands for a closed container: `{3 keys}`, `[12 items]`. */
export function summaryOf(kind: Kind, size: number): string {
  if (kind === 'array') return size === 0 ? '[]' : `[${size} ${size === 1 ? 'item' : 'items'}]`;
  return size === 0 ? '{}' : `{${size} ${size === 1 ? 'key' : 'keys'}}`;
}

/** A key as it is shown: bare, or quoted where that tells more. */
export const keyText = (step: Step): string =>
  typeof step === 'number' ? String(step) : /^[\w$.-]+$/.test(step) ? step : quoted(step);
