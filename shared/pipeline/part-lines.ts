import { type EventKind, kindOf, NO_KIND, numberKinds } from '../domain/event-kind.ts';
import type { MappingId } from '../domain/ids.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Part } from '../domain/lane-message.ts';
import type { DoneRow } from '../domain/ledger-rows.ts';

/** How a send ended, in the words of `lines` of done rows: 'd', 'r', 'w', 'u', or `discarded.<code>`, `dead.<code>`. */
export type SendWord = string;

type Told = Pick<DoneRow, 'mappings' | 'kinds' | 'lines'>;

/** Which mappings and kinds of event had which ends in a hop of a part, as its done row tells it. `words`: of each send by its number. */
export function partLines(part: Part, words: ReadonlyMap<number, SendWord>): Told {
  const mappings = new Map<MappingId, number>();
  const lines = new Map<string, [number, number, SendWord, number]>();
  const kindsOfEvents = part.events.map((event) => kindOf(event as JsonObject));
  const used = part.sends.map(([, event]): EventKind => kindsOfEvents[event] ?? NO_KIND);
  const numbered = numberKinds(used);
  for (const [at, [send, , mappingIndex]] of part.sends.entries()) {
    const mappingId = part.mappings[mappingIndex];
    const word = words.get(send);
    if (mappingId === undefined || word === undefined) continue;
    const mapping = mappings.get(mappingId) ?? mappings.size;
    mappings.set(mappingId, mapping);
    const kind = numbered.kindOf[at] ?? 0;
    const name = `${mapping} ${kind} ${word}`;
    const line = lines.get(name);
    if (line === undefined) lines.set(name, [mapping, kind, word, 1]);
    else line[3] += 1;
  }
  const told = [...lines.values()];
  const [only] = told;
  const follows = told.length === 1 && only !== undefined && only[2] === followingWord(part.hop, only[2]);
  return {
    mappings: [...mappings.keys()],
    kinds: numbered.kinds,
    ...(!follows && { lines: told }),
  };
}

/** Of a line that is alone, whatever it says follows from the counts, but for whether what was delivered was so at its first try. */
const followingWord = (hop: number, word: SendWord): SendWord => {
  if (word !== 'd' && word !== 'r') return word;
  return hop === 0 ? 'd' : 'r';
};
