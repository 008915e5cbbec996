import { readFileSync, statSync } from 'node:fs';
import * as z from 'zod';
import { errorText } from './error-text.ts';

/** Faults in one file, and the longest hold of a call. */
const FAULTS_MAX = 100;
const DELAY_MS_MAX = 15 * 60_000;
/** The file's change is looked for at most this often, when a call comes. */
const RELOAD_INTERVAL_MS = 200;

const DUPLICATE = 'duplicate';
const DUPLICATED_OPERATION = 'ReceiveMessage';

const Fault = z
  .strictObject({
    /** The service by its signing name: `sqs`, `dynamodb`, `s3`, `kms`, `monitoring`, `cloudformation`. */
    service: z.enum(['sqs', 'dynamodb', 's3', 'kms', 'monitoring', 'cloudformation']),
    /** An operation such as `SendMessageBatch`; without one, all. */
    operation: z.string().min(1).optional(),
    /** A caller: a function's name, `operator`; without one, all. */
    principal: z.string().min(1).optional(),
    /** Text that the name of a table, queue, key, stack or object must contain. */
    resource: z.string().min(1).optional(),
    probability: z.number().min(0).max(1).default(1),
    /**
     * `throttle` and `error`: answered so, and the call is not run. `delay`: run after `delayMs`. `drop-connection`: not run, the socket closed.
     * `commit-then-timeout`: run, and never answered; the socket is closed after `delayMs` if the client has not hung up before.
     * `duplicate`: of ReceiveMessage by an event source mapping: a message is handed out once more, see `isDuplicated`.
     */
    effect: z.enum(['throttle', 'error', 'commit-then-timeout', 'delay', 'drop-connection', 'duplicate']),
    delayMs: z.number().int().min(0).max(DELAY_MS_MAX).optional(),
    /** How often the fault happens in all, counted from the load of the file; without it, for ever. */
    times: z.number().int().min(1).optional(),
  })
  .refine(
    ({ effect, service, operation }) =>
      effect !== DUPLICATE || (service === 'sqs' && (operation ?? DUPLICATED_OPERATION) === DUPLICATED_OPERATION),
    { message: `"duplicate" is an effect of sqs, ${DUPLICATED_OPERATION}`, path: ['effect'] },
  );
export type Fault = z.infer<typeof Fault>;
/** What may happen to a call at the front door. */
export type CallFault = Fault & { effect: Exclude<Fault['effect'], 'duplicate'> };

const FaultsFile = z.strictObject({
  /** Start of the pseudo-random numbers: the same file and the same calls give the same faults. */
  seed: z.number().int().min(0).max(0xff_ff_ff_ff).default(1),
  faults: z.array(Fault).max(FAULTS_MAX),
});

/** A call as the faults see it. `resources` is asked only when a fault names one. */
export type FaultCall = { service: string; operation: string; principal: string; resources: () => readonly string[] };
export type Faults = {
  /** What happens to a call at the front door. */
  pick(call: FaultCall): CallFault | undefined;
  /** Whether a message that the event source mapping of a function has just received is handed out once more (trap Q11). */
  isDuplicated(received: { principal: string; queueArn: string }): boolean;
};

export const noFaults: Faults = { pick: () => undefined, isDuplicated: () => false };

/** Faults by a rule list. Each fault draws from a generator of its own, so that one more fault does not shift the others. */
export function faultsOf(input: unknown): Faults {
  const parsed = FaultsFile.safeParse(input);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  const rules = parsed.data.faults.map((fault, index) => ({
    fault,
    random: randomFrom(parsed.data.seed + index * 0x9e_37_79_b9),
    left: fault.times ?? Number.POSITIVE_INFINITY,
  }));
  const next = (call: FaultCall, isFor: (fault: Fault) => boolean): Fault | undefined => {
    for (const rule of rules) {
      if (rule.left === 0 || !isFor(rule.fault) || !matches(rule.fault, call)) continue;
      if (rule.random() >= rule.fault.probability) continue;
      rule.left -= 1;
      return rule.fault;
    }
    return undefined;
  };
  return {
    pick: (call) => next(call, isCallFault) as CallFault | undefined,
    isDuplicated: ({ principal, queueArn }) => {
      const call = { service: 'sqs', operation: DUPLICATED_OPERATION, principal, resources: () => [queueArn] };
      return next(call, (fault) => !isCallFault(fault)) !== undefined;
    },
  };
}

const isCallFault = (fault: Fault): fault is CallFault => fault.effect !== DUPLICATE;

function matches(fault: Fault, call: FaultCall): boolean {
  if (fault.service !== call.service) return false;
  if (fault.operation !== undefined && fault.operation !== call.operation) return false;
  if (fault.principal !== undefined && fault.principal !== call.principal) return false;
  const { resource } = fault;
  return resource === undefined || call.resources().some((name) => name.includes(resource));
}

/**
 * Faults from a JSON file, read again when it changes. Throws in one sentence when the file cannot be read or is wrong at the start;
 * a wrong file later is told to `onProblem` once, and the faults before it stay.
 */
export function faultsFromFile(file: string, onProblem: (sentence: string) => void): Faults {
  const load = (): Faults => {
    let json: unknown;
    try {
      json = JSON.parse(readFileSync(file, 'utf8'));
    } catch (error) {
      throw new Error(`The faults file ${file} cannot be read: ${errorText(error)}`, {
        cause: error,
      });
    }
    try {
      return faultsOf(json);
    } catch (error) {
      throw new Error(`The faults file ${file} is wrong: ${errorText(error)}`, {
        cause: error,
      });
    }
  };
  let faults = load();
  let version = versionOf(file);
  let lookedAtMs = performance.now();
  const upToDate = (): Faults => {
    const nowMs = performance.now();
    if (nowMs - lookedAtMs < RELOAD_INTERVAL_MS) return faults;
    lookedAtMs = nowMs;
    const present = versionOf(file);
    if (present === version) return faults;
    version = present;
    try {
      faults = load();
    } catch (error) {
      onProblem(`${errorText(error)} The faults before it stay in force.`);
    }
    return faults;
  };
  return {
    pick: (call) => upToDate().pick(call),
    isDuplicated: (received) => upToDate().isDuplicated(received),
  };
}

const versionOf = (file: string): string => {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? 'absent' : `${stat.mtimeMs}:${stat.size}:${stat.ino}`;
};

/** Numbers in [0, 1) from a 32-bit state (the generator known as mulberry32): repeatable, not secret. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_00_00_00_00;
  };
}
