import * as z from 'zod';
import { KIND_NAME_CHARS_MAX } from './event-kind.ts';
import { isOfTraits, PATH_CHARS_MAX, SCHEMA_NAMES_MAX, SCHEMA_TRAITS_MAX, type SeenSchema } from './schema-digest.ts';

const moment = z.int().nonnegative();
/** Either is 200; a name has its call before it. */
const KNOWN_CHARS_MAX = 10 + Math.max(KIND_NAME_CHARS_MAX, PATH_CHARS_MAX);
const Known = z.tuple([z.string().max(KNOWN_CHARS_MAX), moment, moment]);

/**
 * The names of a source and the traits of its calls, with the first and last time that each was seen, in order of their first (F10: the first 4,000
 * names and 300 traits are listed). Names: call and name with a line end between.
 */
export const KnownSchema = z.object({
  v: z.literal(1),
  names: z.array(Known).max(SCHEMA_NAMES_MAX),
  identify: z.array(Known).max(SCHEMA_TRAITS_MAX),
  group: z.array(Known).max(SCHEMA_TRAITS_MAX),
});
export type KnownSchema = z.infer<typeof KnownSchema>;
type Known = z.infer<typeof Known>;

export const nothingKnown = (): KnownSchema => ({ v: 1, names: [], identify: [], group: [] });

/**
 * What is known after more was seen: times only widen, so that the same seen twice changes nothing. Where there is no more room, what is known stays; `isGone` names
 * what makes room for others.
 */
export function learn(known: KnownSchema, seen: SeenSchema, isGone: IsGone = () => false): KnownSchema {
  const kept = (list: Known[], tab: 'names' | 'identify' | 'group') => list.filter((one) => !isGone(tab, one));
  const ofTraits = (call: 'identify' | 'group') =>
    seen.names.flatMap(([of, , , , , paths]) =>
      of === call ? paths.map(([path, , first, last]): Known => [path, first, last]) : [],
    );
  return {
    v: 1,
    names: widened(
      kept(known.names, 'names'),
      seen.names.flatMap(([call, name, , first, last]): Known[] =>
        isOfTraits(call) ? [] : [[`${call}\n${name}`, first, last]],
      ),
      SCHEMA_NAMES_MAX,
    ),
    identify: widened(kept(known.identify, 'identify'), ofTraits('identify'), SCHEMA_TRAITS_MAX),
    group: widened(kept(known.group, 'group'), ofTraits('group'), SCHEMA_TRAITS_MAX),
  };
}
export type IsGone = (tab: 'names' | 'identify' | 'group', known: Known) => boolean;

function widened(known: readonly Known[], seen: readonly Known[], max: number): Known[] {
  const times = new Map(known.map(([name, first, last]) => [name, [first, last] as const]));
  for (const [name, first, last] of seen.toSorted(inOrder)) {
    const before = times.get(name);
    if (before === undefined && times.size >= max) continue;
    times.set(name, [Math.min(first, before?.[0] ?? first), Math.max(last, before?.[1] ?? last)]);
  }
  return [...times].map(([name, [first, last]]): Known => [name, first, last]).toSorted(inOrder);
}

const inOrder = ([nameA, firstA]: Known, [nameB, firstB]: Known): number =>
  firstA === firstB ? compare(nameA, nameB) : firstA - firstB;
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
