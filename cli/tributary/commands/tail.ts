import type { AnswerOf } from '../../../shared/api/operation.ts';
import type { ApiClient } from '../../../shared/api/client.ts';
import type { Handled } from '../../../shared/api/operations.ts';
import { wholeNumber } from '../../flags.ts';
import { visible } from '../../replay/table.ts';
import { escaped } from '../../testing/match.ts';
import { CliError } from '../../cli-error.ts';
import { command, EXIT, type Io } from '../command.ts';
import { UsageError } from '../usage-error.ts';

/** Sources that are followed at once: each is asked as often as SOURCE_LOOK_MS says. */
const SOURCES_MAX = 10;
/** An event shows within 2 s of its arrival; asking sooner finds nothing. 10 sources are 300 of the 3,000 requests that a caller has in a minute. */
const LOOK_MS = 2_000;
/** Events before the first look. */
const LAST_DEFAULT = 10;
const LAST_MAX = 500;
/** Characters of an event's name that a line shows. */
const NAME_CHARS_MAX = 80;
const SECONDS_MAX = 86_400;
const STATUSES = ['ALLOWED', 'BLOCKED', 'INVALID', 'DUPLICATE'] as const;

type Answer = AnswerOf<Handled['listSourceEvents']>;
type Debugged = Answer['events'][number];
type Followed = { id: string; slug: string; after: string | undefined };

export const tail = command({
  usage: 'tail [--source SLUG] [--event NAME]',
  about:
    'Shows events as they come in, within seconds, with what became of them: a look at the debugger, which keeps a share of what a busy source gets. Ends with Ctrl-C. --json prints one event a line, payload included.',
  examples: [
    'tributary tail --source website --event "Order Completed"',
    'tributary tail --source website --status BLOCKED --seconds 60',
    'tributary tail --source website --json | jq .payload',
  ],
  flags: {
    source: {
      value: 'SLUG',
      help: `only of this source, or of several, with commas between; otherwise all, ${SOURCES_MAX} at most`,
    },
    event: { value: 'NAME', help: 'only events of this name' },
    search: { value: 'TEXT', help: 'what the debugger’s search takes, such as user:1 or -event:Y' },
    status: { value: 'STATUS', help: `only ${STATUSES.join(', ')}` },
    last: { value: 'N', help: `how many of those that are there to begin with, ${LAST_DEFAULT} where nothing is said` },
    seconds: { value: 'N', help: 'end by itself after so long; 0 shows what is there and ends' },
  },
  run: async ({ flags, io, signIn }) => {
    const status = statusOf(flags.status);
    const last = flags.last === undefined ? LAST_DEFAULT : wholeNumber('last', flags.last, 0, LAST_MAX);
    const seconds = flags.seconds === undefined ? undefined : wholeNumber('seconds', flags.seconds, 0, SECONDS_MAX);
    const { client } = await signIn();
    const followed = await sourcesOf(client, flags.source, io);
    const wanted = {
      ...(flags.event !== undefined && { event: flags.event }),
      ...(flags.search !== undefined && { q: flags.search }),
      ...(status !== undefined && { status }),
    };
    const endMs = seconds === undefined ? Number.POSITIVE_INFINITY : io.now().getTime() + seconds * 1_000;
    const width = Math.max(...followed.map(({ slug }) => slug.length));
    const show = (source: Followed, one: Debugged): void =>
      io.out(flags.json ? jsonLine(source, one) : line(source.slug.padEnd(width), one));
    for (let looks = 0; ; looks += 1) {
      const found = await look(client, followed, wanted, looks === 0 ? last : LAST_MAX, io);
      for (const { source, one } of found) show(source, one);
      if (io.now().getTime() >= endMs) return EXIT.ok;
      await (io.wait ?? waitMs)(LOOK_MS);
    }
  },
});

/** What is new of each source, in the order in which it came. */
async function look(
  client: ApiClient,
  followed: readonly Followed[],
  wanted: { event?: string; q?: string; status?: (typeof STATUSES)[number] },
  count: number,
  io: Io,
): Promise<{ source: Followed; one: Debugged }[]> {
  const found: { source: Followed; one: Debugged }[] = [];
  for (const source of followed) {
    const { id, after } = source;
    const isFirst = after === undefined;
    const query = { ...wanted, count: Math.max(1, count), ...(!isFirst && { after }) };
    const answer = await client.call('listSourceEvents', { path: { sourceId: id }, query });
    source.after = answer.after;
    if (isFirst && answer.coverage.share < 1) {
      const percent = Math.round(answer.coverage.share * 100);
      io.note(`${source.slug}: the debugger keeps ${percent} % of its events since ${answer.coverage.from}.`);
    }
    found.push(...answer.events.slice(0, count).map((one) => ({ source, one })));
  }
  return found.toSorted((a, b) => Date.parse(a.one.receivedAt) - Date.parse(b.one.receivedAt));
}

async function sourcesOf(client: ApiClient, named: string | undefined, io: Io): Promise<Followed[]> {
  const all = await client.all('listSources', 'sources');
  const slugs = named?.split(',').map((slug) => slug.trim());
  const unknown = slugs?.find((slug) => !all.some((source) => source.slug === slug || source.id === slug));
  if (unknown !== undefined) {
    const there = all.map(({ slug }) => slug).slice(0, SOURCES_MAX);
    throw new CliError(
      `There is no source "${unknown}" that this token may see; there are ${there.join(', ') || 'none'}.`,
    );
  }
  const found = all.filter(({ id, slug }) => slugs === undefined || slugs.includes(slug) || slugs.includes(id));
  if (found.length === 0) throw new CliError('There is no source that this token may see.');
  if (found.length > SOURCES_MAX) {
    if (slugs !== undefined) throw new UsageError(`--source takes ${SOURCES_MAX} sources at most.`);
    io.note(`Of ${found.length} sources ${SOURCES_MAX} are followed: name yours with --source.`);
  }
  return found.slice(0, SOURCES_MAX).map(({ id, slug }) => ({ id, slug, after: undefined }));
}

function statusOf(text: string | undefined): (typeof STATUSES)[number] | undefined {
  const found = STATUSES.find((one) => one === text?.toUpperCase());
  if (text !== undefined && found === undefined) throw new UsageError(`--status is one of ${STATUSES.join(', ')}.`);
  return found;
}

function line(slug: string, one: Debugged): string {
  const { receivedAt, type, name, userId, anonymousId, verdict, reason, destinations, violations } = one;
  const who = userId === null ? (anonymousId === null ? '' : `anonymous ${anonymousId}`) : `user ${userId}`;
  const sent = destinations.filter(({ reason: why }) => why === null).length;
  const why = [reason, ...violations.map(({ field, message }) => `${field} ${message}`)].filter(Boolean).join('; ');
  const became = verdict === 'ALLOWED' ? `to ${sent} of ${destinations.length} destinations` : `${verdict} ${why}`;
  const what = [type ?? 'no type', name === null ? '' : JSON.stringify(name.slice(0, NAME_CHARS_MAX))];
  return visible([receivedAt, slug, what.filter(Boolean).join(' '), who, became].filter(Boolean).join('  '));
}

/** JSON escapes the C0 characters alone; a terminal obeys more. */
const jsonLine = ({ slug }: Followed, one: Debugged): string => escaped(JSON.stringify({ source: slug, ...one }));

const waitMs = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
