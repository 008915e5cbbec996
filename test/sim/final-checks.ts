import { isDeepStrictEqual } from 'node:util';
import { destinationBalance, sourceBalance } from '../../shared/domain/balance.ts';
import { sumDones, sumPlans } from '../../shared/domain/books.ts';
import { DestinationSum } from '../../shared/domain/destination-sum.ts';
import type { DestinationId } from '../../shared/domain/ids.ts';
import { eventOfPlan } from '../../shared/domain/row-detail.ts';
import { SourceSum } from '../../shared/domain/source-sum.ts';
import { booksOfDestination, booksOfSource, sumsOfDestination, sumsOfSource } from '../builders/detail-totals.ts';
import { SUPPRESSED_CODE } from '../../shared/domain/suppression.ts';
import { LaneMessage } from '../../shared/domain/lane-message.ts';
import { DEADLY_TO_LAST, type FaultKind } from './fault-kinds.ts';
import { type PartBooks, partName } from './part-books.ts';
import { graceMs, SKEW_MS } from './sending-rules.ts';
import type { Services } from './services.ts';
import { nameOfSend } from './tools.ts';

/** Somebody may have died over a healthy part only where somebody dies at all. */
const DEADLY: readonly FaultKind[] = [
  'route killed',
  'deliver killed',
  'dead-letter function killed',
  'machine stalls',
  'redeploy',
  'poisonous part',
  'poisonous request',
  'few receives',
];
/** Faults after which a send may reach a tool twice: its answer or its row was lost, or a message came twice. */
const REPEATING: readonly FaultKind[] = [
  ...DEADLY,
  'message twice',
  'receipt lost',
  'deletion undone',
  'row throttled',
  'row refused (5xx)',
  'row answered too late',
  'dead-letter store away',
  'send answered too late',
  'takes it and fails (500)',
  'tool does not answer',
];

/** What must be so when everything has come to rest: nothing lost, nothing unexplained. */
export function checkAtRest(services: Services): void {
  checkQueues(services);
  checkRequests(services);
  const keptWhole = hadAny(services, DEADLY_TO_LAST) ? partsKeptWhole(services) : new Set<PartBooks>();
  checkParts(services, keptWhole);
  checkBalance(services, keptWhole);
  checkDetails(services);
  checkBreakers(services);
  checkRepetitions(services);
}

const hadAny = ({ faults }: Services, kinds: readonly FaultKind[]): boolean =>
  kinds.some((kind) => faults.hits.has(kind));

function checkQueues(services: Services): void {
  const { world } = services;
  for (const queue of services.queues()) {
    if (queue.expired.length > 0) world.fail('no message grows too old for its queue', queue.name);
  }
}

/** Each accepted event is routed once, or in a request that was put away whole, or its user was suppressed. */
function checkRequests(services: Services): void {
  const { world, books, traffic, archive } = services;
  const putAway = new Set<string>();
  for (const [intakeId, request] of traffic.accepted) {
    if (!books.unreadable.has(intakeId)) continue;
    for (const messageId of request.messageIds) if (messageId !== undefined) putAway.add(messageId);
    if (!request.isPoisonous && !hadAny(services, DEADLY)) {
      world.fail('a request is put away only where somebody died over it', intakeId);
    }
  }
  checkSuppressed(services, putAway);
  for (const [intakeId, request] of traffic.accepted) {
    const plan = books.plans.get(intakeId);
    if (plan === undefined && books.unreadable.has(intakeId)) continue;
    if (plan === undefined) return world.fail('each accepted request is planned', intakeId);
    for (const messageId of request.messageIds) {
      if (messageId === undefined || traffic.ofAda.has(messageId)) continue;
      if (!books.isRouted(messageId) && !putAway.has(messageId)) {
        return world.fail('each accepted event is routed', `${messageId} of ${intakeId}`);
      }
    }
    // Of a request that ends in the dead-letter queue, nobody sends the archive its copy; the release before sent its own.
    const isArchived =
      archive.taken.has(intakeId) || hadAny(services, ['few receives', 'messages of the release before']);
    if (plan.routed > 0 && !isArchived) world.fail('what is routed is archived', intakeId);
  }
}

/** Of ADA each event is routed, suppressed, or in a request that was put away; nobody else's is suppressed, and hers only meanwhile. */
function checkSuppressed({ world, faults, books, traffic, config }: Services, putAway: ReadonlySet<string>): void {
  const notRouted = [...traffic.ofAda].filter((messageId) => !books.isRouted(messageId));
  const plans = [...books.plans.values()].filter((plan) => plan.suppressed > 0);
  const suppressed = plans.reduce((sum, plan) => sum + plan.suppressed, 0);
  const least = notRouted.filter((messageId) => !putAway.has(messageId)).length;
  if (suppressed < least || suppressed > notRouted.length) {
    world.fail(
      'who is suppressed is counted so, and nobody else',
      `${suppressed}, not ${least} to ${notRouted.length}`,
    );
  }
  if (faults.chosen.has('clock jump')) return;
  const { fromMs, toMs } = config.suppression;
  const untilMs = toMs + graceMs(faults);
  const early = plans.find(({ plannedAt }) => Date.parse(plannedAt) < fromMs - SKEW_MS);
  if (early !== undefined) world.fail('nobody is suppressed before somebody said so', early.intakeId);
  const late = plans.find(({ plannedAt }) => Date.parse(plannedAt) > untilMs);
  if (late !== undefined) world.fail('nobody is suppressed for longer than somebody said', late.intakeId);
}

/**
 * Parts whose message was kept whole after the dead-letter function itself had died over it three times: their sends stay in flight in the
 * books, and the alarm "ledger mismatch" calls somebody.
 */
function partsKeptWhole({ deadLetters, books }: Services): ReadonlySet<PartBooks> {
  const intakeIds = new Set(books.unreadable.keys());
  const names = new Set<string>();
  for (const body of deadLetters.unreadable.values()) {
    const message = LaneMessage.safeParse(JSON.parse(body)).data;
    for (const { intakeId, slice } of message?.parts ?? []) {
      names.add(partName({ destinationId: message?.destinationId ?? '', intakeId, slice }));
    }
  }
  const parts = [...books.parts.all()];
  return new Set(parts.filter((part) => intakeIds.has(part.intakeId) || names.has(partName(part))));
}

/** Each send has ended, and has got where it could get. */
function checkParts(services: Services, keptWhole: ReadonlySet<PartBooks>): void {
  const { world, books, deadLetters, tools, config, traffic } = services;
  for (const part of books.parts.all()) {
    if (part.open.size > 0 && !keptWhole.has(part)) {
      return world.fail(
        'nothing stays in flight',
        `${part.destinationId} ${part.intakeId} ${part.slice} hop ${part.hop}`,
      );
    }
  }
  for (const letter of [...deadLetters.objects.values()].flat()) {
    const { destinationId, code } = letter;
    const what = `${destinationId} ${letter.intakeId} ${letter.slice} send ${letter.send}: ${code}`;
    if (code === 'crash_loop' && !hadAny(services, DEADLY)) world.fail('crash_loop says that somebody died', what);
    if (code === SUPPRESSED_CODE) {
      const messageId = letter.event['messageId'] as string;
      if (!traffic.ofAda.has(messageId)) world.fail('only sends of suppressed users end as suppressed', what);
      continue;
    }
    const isBlameless = !tools.troubled.has(destinationId) && !config.changed.has(destinationId as DestinationId);
    if (code !== 'crash_loop' && isBlameless) world.fail('a destination that works gets everything', what);
  }
}

/** The sums of the product's own code say the same as ours. */
function checkBalance({ world, ledger, books, config }: Services, keptWhole: ReadonlySet<PartBooks>): void {
  const planned = sumPlans([...ledger.plans.values()]);
  const rows = [...ledger.dones.values()];
  const source = sourceBalance('src_1', planned);
  const received = [...books.plans.values()].reduce((sum, plan) => sum + plan.received, 0);
  if (source.accepted !== received)
    world.fail('the balance of the source is what came', `${source.accepted}, not ${received}`);
  const ids = new Set([...Object.keys(planned.planned), ...config.destinationIds()]);
  for (const id of ids) {
    const balance = destinationBalance(id, 'src_1', planned, sumDones(rows.filter((row) => row.destinationId === id)));
    const { accepted, delivered, filtered, blocked, discarded, dlq, inFlight } = balance;
    const kept = [...keptWhole].filter(({ destinationId }) => destinationId === id);
    const left = kept.reduce((sum, { open }) => sum + open.size, 0);
    if (inFlight !== left) world.fail('in flight is 0 at rest', `${id}: ${inFlight}`);
    const ends = delivered + filtered + blocked + discarded + dlq + inFlight;
    if (accepted !== ends) world.fail('accepted = delivered + filtered + blocked + discarded + dlq + in flight', id);
  }
}

/** By kind of event the same numbers come out, and of each accepted event that was planned its kind is told. */
function checkDetails({ world, ledger, config }: Services): void {
  const same = (what: string, found: unknown, books: unknown): void => {
    if (!isDeepStrictEqual(found, books)) {
      world.fail('details add up to the books', `${what}: ${JSON.stringify(found)}, not ${JSON.stringify(books)}`);
    }
  };
  const plans = [...ledger.plans.values()];
  const source = new SourceSum();
  for (const row of plans) source.addRow(row);
  const planned = sumPlans(plans);
  same('the source', sumsOfSource(source.detail()), booksOfSource(planned));
  for (const id of new Set([...Object.keys(planned.planned), ...config.destinationIds()])) {
    const rows = [...ledger.dones.values()].filter((row) => row.destinationId === id);
    const destination = new DestinationSum();
    for (const row of rows) destination.addRow(row);
    same(id, sumsOfDestination(destination.detail()), booksOfDestination(sumDones(rows)));
  }
  for (const row of plans) {
    const told = Array.from({ length: row.received }, (_, index) => eventOfPlan(row, index)?.verdict.verdict);
    const routed = told.filter((verdict) => verdict === 'routed').length;
    if (routed !== row.routed || told.includes('untold') || told.includes(undefined)) {
      world.fail('a plan tells of each event what became of it', `${row.intakeId}: ${told.join()}`);
    }
  }
}

/** Once faults are over each probe gets through, unless its machine dies of what it sends. */
function checkBreakers(services: Services): void {
  const { world, faults, breakers, config } = services;
  if (hadAny(services, ['poisonous part'])) return;
  for (const id of breakers.open.keys()) {
    const isChanged = config.changed.has(id as DestinationId);
    const isProbed = (breakers.probedAtMs.get(id) ?? 0) > faults.endedAtMs;
    if (isProbed && !isChanged) world.fail('a breaker closes when its probe gets through', id);
  }
}

/** Without a fault that explains it, a tool takes each send once. */
function checkRepetitions(services: Services): void {
  if (hadAny(services, REPEATING)) return;
  const { world, books, tools } = services;
  for (const part of books.parts.all()) {
    for (const send of part.sends) {
      const taken = tools.taken.get(nameOfSend(send)) ?? 0;
      if (taken > 1) world.fail('nothing is delivered twice without a fault', `${nameOfSend(send)}: ${taken} times`);
    }
  }
}
