import { isoOf, parseTime } from '../../../shared/domain/event-times.ts';
import { REPLAY_RATE_DEFAULT, REPLAY_RATE_MAX } from '../../../shared/domain/replay-order.ts';
import type { ApiClient } from '../../../shared/api/client.ts';
import { type Flags, wholeNumber } from '../../flags.ts';
import { table } from '../../replay/table.ts';
import { command, EXIT } from '../command.ts';
import { UsageError } from '../usage-error.ts';

const FILTER_FLAGS = {
  destination: { value: 'ID', help: 'the destination that gets them' },
  of: { value: 'WHAT', help: 'dead-letters (what was not delivered) or archive (everything that came)' },
  from: { value: 'TIME', help: 'what ended, or came, then or later, such as 2026-11-24 or 2026-11-24T10:00:00Z' },
  to: { value: 'TIME', help: 'and before this; now where nothing is said' },
  code: { value: 'CODES', help: 'dead letters of these codes, comma-separated' },
  event: { value: 'NAME', help: 'events of this name' },
  type: { value: 'TYPES', help: 'of these types, comma-separated: track, identify, page, screen, group, alias' },
  'message-id': { value: 'ID', help: 'the event of this messageId' },
  user: { value: 'ID', help: 'events of this userId' },
  if: { value: 'FQL', help: 'events for which this condition holds' },
  rate: { value: 'N', help: `sends a second, ${REPLAY_RATE_DEFAULT} by default, at most ${REPLAY_RATE_MAX}` },
  'dry-run': { help: 'only count' },
} as const;

const KINDS = { 'dead-letters': 'DEAD_LETTERS', archive: 'ARCHIVE' } as const;
const TYPES = ['track', 'identify', 'page', 'screen', 'group', 'alias'] as const;

type Started = Awaited<ReturnType<typeof start>>;
const start = async (client: ApiClient, flags: Flags<typeof FILTER_FLAGS>, now: Date) =>
  (
    await client.call('createReplay', {
      body: {
        destinationId: needed('destination', flags.destination),
        filter: {
          of: kindOf(flags.of),
          from: timeOf('from', needed('from', flags.from)),
          to: flags.to === undefined ? now.toISOString() : timeOf('to', flags.to),
          ...(flags.code !== undefined && { codes: listOf(flags.code) }),
          ...(flags.event !== undefined && { events: [flags.event] }),
          ...(flags.type !== undefined && { types: listOf(flags.type).map(typeOf) }),
          ...(flags['message-id'] !== undefined && { messageIds: [flags['message-id']] }),
          ...(flags.user !== undefined && { userId: flags.user }),
          ...(flags.if !== undefined && { if: flags.if }),
        },
        ...(flags.rate !== undefined && { rate: wholeNumber('rate', flags.rate, 1, REPLAY_RATE_MAX) }),
        dryRun: flags['dry-run'],
      },
    })
  ).replay;

export const replayStart = command({
  usage: 'replay start --destination ID --of WHAT --from TIME',
  about:
    'Sends again what was not delivered, or what was archived, to one destination. The deployment does it: this command only orders it. With --dry-run it counts.',
  examples: [
    'tributary replay start --destination dst_1 --of dead-letters --from 2026-11-24 --code 500,503 --dry-run',
    'tributary replay start --destination dst_1 --of archive --from 2026-11-24 --to 2026-11-25 --rate 50',
  ],
  flags: FILTER_FLAGS,
  run: async ({ flags, io, signIn }) => {
    const { client } = await signIn();
    const replay = await start(client, flags, io.now());
    if (flags.json) io.out(JSON.stringify(replay));
    else for (const line of linesOf(replay)) io.out(line);
    return replay.status === 'FAILED' ? EXIT.refused : EXIT.ok;
  },
});

export const replayList = command({
  usage: 'replay list',
  about: 'Lists the newest replays and how they stand, 20 at most.',
  examples: ['tributary replay list'],
  flags: {},
  run: async ({ flags, io, signIn }) => {
    const { client } = await signIn();
    const { replays } = await client.call('listReplays');
    if (flags.json) io.out(JSON.stringify(replays));
    else if (replays.length === 0) io.out('There are no replays.');
    else {
      const head = ['replay', 'created', 'destination', 'of', 'planned', 'delivered', 'failed', 'waiting', 'status'];
      const rows = replays.map((one) => [
        one.id,
        one.createdAt,
        one.destinationId,
        one.filter.of.toLowerCase().replace('_', '-'),
        one.planned ?? '-',
        one.delivered,
        one.failed,
        one.waiting,
        statusOf(one),
      ]);
      for (const line of table(head, rows)) io.out(line);
    }
    return EXIT.ok;
  },
});

export const replayShow = command({
  usage: 'replay show ID',
  about: 'Says how far a replay is.',
  examples: ['tributary replay show rp_019abc'],
  flags: {},
  plainMax: 1,
  run: async ({ flags, plain, io, signIn }) => {
    const { client } = await signIn();
    const { replay } = await client.call('getReplay', { path: { replayId: idIn(plain) } });
    if (flags.json) io.out(JSON.stringify(replay));
    else for (const line of linesOf(replay)) io.out(line);
    return EXIT.ok;
  },
});

export const replayCancel = command({
  usage: 'replay cancel ID',
  about: 'Ends a replay: nothing more is queued. What it has queued is still sent.',
  examples: ['tributary replay cancel rp_019abc'],
  flags: {},
  plainMax: 1,
  run: async ({ flags, plain, io, signIn }) => {
    const { client } = await signIn();
    const id = idIn(plain);
    await client.call('cancelReplay', { path: { replayId: id } });
    io.out(flags.json ? JSON.stringify({ cancelled: id }) : `${id} is cancelled; what it has queued is still sent.`);
    return EXIT.ok;
  },
});

function* linesOf(replay: Started): Generator<string> {
  const { planned, sent, delivered, failed, waiting, expired, byCode, leftOut } = replay;
  yield `${replay.id} ${statusOf(replay)}`;
  if (replay.failure !== null) yield `  ${replay.failure}`;
  if (planned === null) {
    yield '  It is being counted: tributary replay show says when that is done.';
    return;
  }
  const codes = byCode.counts.map(({ name, count }) => `${count} ${name}`).join(', ');
  yield `  ${replay.dryRun ? 'would send' : 'sends'} ${planned}${codes === '' ? '' : ` (${codes})`}`;
  for (const { name, count } of leftOut.counts) yield `  left out: ${count} ${name}`;
  if (!replay.dryRun) yield `  sent ${sent}: ${delivered} delivered, ${failed} failed, ${waiting} waiting`;
  if (expired > 0) yield `  ${expired} had expired`;
  if (replay.hasMore) yield '  There is more: the same once more takes the next.';
}

const statusOf = ({ status, dryRun }: Started): string => `${status.toLowerCase()}${dryRun ? ', a dry run' : ''}`;

function needed(flag: string, text: string | undefined): string {
  if (text !== undefined && text !== '') return text;
  throw new UsageError(`Say --${flag}; --help says what it is.`);
}

function kindOf(text: string | undefined): (typeof KINDS)[keyof typeof KINDS] {
  const found = (['dead-letters', 'archive'] as const).find((kind) => kind === text);
  if (found !== undefined) return KINDS[found];
  throw new UsageError('Say --of dead-letters or --of archive.');
}

function typeOf(text: string): (typeof TYPES)[number] {
  const found = TYPES.find((type) => type === text);
  if (found !== undefined) return found;
  throw new UsageError(`--type knows ${TYPES.join(', ')}, not "${text}".`);
}

function timeOf(flag: string, text: string): string {
  const ms = parseTime(text);
  if (ms !== undefined) return isoOf(ms);
  throw new UsageError(`--${flag} is a time such as 2026-11-24 or 2026-11-24T10:00:00Z (UTC), not "${text}".`);
}

const listOf = (text: string): string[] => text.split(',').filter((each) => each !== '');

function idIn([id]: readonly string[]): string {
  if (id !== undefined) return id;
  throw new UsageError('Name the replay; tributary replay list shows them.');
}
