import { pathText } from './rules.ts';

/** A field that real events have, with a value of it. */
export type EventPath = { steps: readonly string[]; path: string; sample: unknown };

const DEPTH_MAX = 6;
const PATHS_MAX = 400;
/** Fields that people ask of most stand first. */
const FIRST = ['type', 'event', 'name', 'userId', 'properties', 'traits'];
/** What is of the pipeline, not of the event. */
const NOT_OFFERED: ReadonlySet<string> = new Set(['_metadata', 'integrations']);

type Walk = { intoLists: boolean; found: Map<string, EventPath> };

/** The fields of some events, each once, as a person would look for them. `intoLists`: also those of objects in lists. */
export function pathsOf(events: readonly unknown[], { intoLists = false } = {}): EventPath[] {
  const walk: Walk = { intoLists, found: new Map() };
  for (const event of events) visit(event, [], walk);
  return [...walk.found.values()].toSorted((a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path));
}

const rank = ({ steps: [first = ''] }: EventPath): number => {
  const at = FIRST.indexOf(first);
  return at === -1 ? FIRST.length : at;
};

function visit(value: unknown, steps: readonly string[], walk: Walk): void {
  if (steps.length >= DEPTH_MAX || walk.found.size >= PATHS_MAX) return;
  if (Array.isArray(value)) {
    if (walk.intoLists) for (const item of value.slice(0, 3)) visit(item, steps, walk);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (steps.length === 0 && NOT_OFFERED.has(key)) continue;
    const here = [...steps, key];
    const path = pathText(here);
    const known = walk.found.get(path);
    if (known === undefined || known.sample === null) walk.found.set(path, { steps: here, path, sample: inner });
    visit(inner, here, walk);
  }
}

const SAMPLE_CHARS_MAX = 40;

/** A value in a few characters. */
export function sampleText(value: unknown): string {
  if (Array.isArray(value)) return `list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'object';
  const text = typeof value === 'string' ? value : String(value);
  return text.length > SAMPLE_CHARS_MAX ? `${text.slice(0, SAMPLE_CHARS_MAX)}…` : text;
}
