import type { DestinationId } from '../../shared/domain/ids.ts';
import type { ReplayFilter } from '../../shared/domain/replay.ts';
import { type JudgedLetter, surveyLetters } from '../../shared/pipeline/replay-letters.ts';
import { readOwners } from '../../shared/pipeline/replay-owners.ts';
import type { Target } from './find-destinations.ts';
import type { ReplayDeps } from './replay-deps.ts';
import { table } from './table.ts';

/** Characters of a message, an event's name or a messageId in a list. */
const CELL_CHARS_MAX = 60;

type Line = { letters: number; replayed: number; oldest: string; newest: string };

/**
 * Prints what lies in the dead-letter store by destination and code, and where one destination was asked for, its newest letters, at most
 * `limit`. Orphans are no letters: they are only mentioned.
 */
export async function listLetters(
  deps: Pick<ReplayDeps, 'reader' | 'dones' | 'replays' | 'manifests' | 'now' | 'print'>,
  targets: readonly Target[],
  { only, filter, limit }: { only: Target | undefined; filter: ReplayFilter; limit: number },
): Promise<void> {
  const ids = only === undefined ? await deps.reader.destinations() : [only.destination.id];
  const rows: (string | number)[][] = [];
  let newest: JudgedLetter[] = [];
  let orphans = 0;
  for (const destinationId of ids) {
    const lines = new Map<string, Line>();
    const { ownerOf } = await readOwners(deps, destinationId, deps.now().getTime());
    for await (const letters of surveyLetters(deps, { destinationId, filter, ownerOf })) {
      const real = letters.filter(({ verdict }) => verdict !== 'orphan');
      orphans += letters.length - real.length;
      for (const letter of real) count(lines, letter);
      if (only !== undefined) newest = newestOf([...newest, ...real], limit);
    }
    for (const [code, line] of [...lines].toSorted(([, a], [, b]) => b.letters - a.letters)) {
      const name = nameOf(targets, destinationId);
      rows.push([name, destinationId, code, line.letters, line.replayed, line.oldest, line.newest]);
    }
  }
  if (rows.length === 0) deps.print('There are no dead letters that fit.');
  else {
    const head = ['destination', 'id', 'code', 'letters', 'replayed', 'oldest', 'newest'];
    for (const line of table(head, rows)) deps.print(line);
  }
  if (orphans > 0) deps.print(`\n${orphans} more were left behind by a crash, and ended otherwise: they do not count.`);
  if (newest.length > 0) {
    deps.print('');
    for (const line of table(['ended', 'code', 'event', 'messageId', '', 'message'], newest.map(rowOf)))
      deps.print(line);
  }
}

function count(lines: Map<string, Line>, { code, settledAt, verdict }: JudgedLetter): void {
  const line = lines.get(code) ?? { letters: 0, replayed: 0, oldest: settledAt, newest: settledAt };
  line.letters += 1;
  if (verdict === 'taken') line.replayed += 1;
  if (settledAt < line.oldest) line.oldest = settledAt;
  if (settledAt > line.newest) line.newest = settledAt;
  lines.set(code, line);
}

const newestOf = (letters: JudgedLetter[], limit: number): JudgedLetter[] =>
  letters.toSorted((a, b) => a.settledAt.localeCompare(b.settledAt)).slice(-limit);

const rowOf = ({ settledAt, code, event, messageId, verdict, message }: JudgedLetter): string[] => [
  settledAt,
  code,
  short(event),
  short(messageId),
  verdict === 'taken' ? 'replayed' : '',
  short(message),
];

const short = (text: string): string =>
  text.length <= CELL_CHARS_MAX ? text : `${text.slice(0, CELL_CHARS_MAX - 1)}…`;

const nameOf = (targets: readonly Target[], id: DestinationId): string =>
  targets.find(({ destination }) => destination.id === id)?.destination.name ?? '(deleted)';
