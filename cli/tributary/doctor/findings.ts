import type { Right } from '../../../shared/domain/access.ts';

/** One thing that was looked at. `fail`: events are not delivered, or will not be; `warn`: somebody should look at it. */
export type Finding = { level: 'ok' | 'warn' | 'fail'; what: string; advice?: string };

/** What was found out about a workspace by the API. What could not be read, for want of a right or of an answer, is absent. */
export type Examined = {
  workspace: { name: string; slug: string };
  url: string;
  roundTripMs: number;
  /** How far the deployment's clock is ahead of this machine's. */
  clockAheadMs?: number;
  rights: readonly Right[];
  sources: readonly {
    name: string;
    enabled: boolean;
    writeKeys: number;
    /** Events of the last 24 hours. */
    received?: number;
  }[];
  destinations: readonly {
    name: string;
    enabled: boolean;
    hasLane: boolean;
    paused?: { since: string; by: string };
    missingSettings: readonly string[];
    mappings: number;
    mappingsEnabled: number;
    health?: {
      sends: number;
      delivered: number;
      lost: number;
      error?: string;
      breaker?: { openedAt: string; message?: string };
    };
  }[];
  tokens?: readonly { name: string; expiresAt?: string; expired: boolean; ownerless: boolean; lastUsedDay?: string }[];
  mismatches?: number;
  /** Messages of the fullest queues that nobody has taken for long. */
  oldestSeconds?: readonly { name: string; seconds: number }[];
};

/** A request that is signed by time allows for five minutes; an SDK's sentAt should be nearer. */
const SKEW_MS_MAX = 30_000;
const SLOW_MS = 2_000;
const EXPIRES_SOON_DAYS = 14;
const DAY_MS = 86_400_000;
/** Of a day's sends that have ended, the share that was lost, from which a destination is failing. */
const LOST_SHARE_FAIL = 0.5;
const LOST_SHARE_WARN = 0.05;
/** What waits longer than this in a queue is late. */
const OLD_SECONDS = 900;

/** What a person should know, the worst first within each part. Pure. */
export function findingsOf(examined: Examined, now: Date): Finding[] {
  return [
    ...reachFindings(examined),
    ...examined.sources.flatMap(sourceFindings),
    ...examined.destinations.flatMap(destinationFindings),
    ...laneFindings(examined),
    ...tokenFindings(examined, now),
  ];
}

function reachFindings({ url, workspace, roundTripMs, clockAheadMs, rights, mismatches }: Examined): Finding[] {
  const found: Finding[] = [
    roundTripMs > SLOW_MS
      ? {
          level: 'warn',
          what: `${url} took ${Math.round(roundTripMs)} ms to answer`,
          advice: 'Ask again: the first answer after a pause is slower.',
        }
      : { level: 'ok', what: `${url} answers in ${Math.round(roundTripMs)} ms` },
    rights.length === 0
      ? {
          level: 'fail',
          what: `the token may do nothing in ${workspace.name}`,
          advice: 'Ask an owner for one with a role.',
        }
      : {
          level: 'ok',
          what: `the token is live in ${workspace.name} (${workspace.slug}), with ${rights.length} rights`,
        },
  ];
  if (clockAheadMs !== undefined && Math.abs(clockAheadMs) > SKEW_MS_MAX) {
    const seconds = Math.round(Math.abs(clockAheadMs) / 1_000);
    found.push({
      level: 'warn',
      what: `this machine's clock is ${seconds} s ${clockAheadMs > 0 ? 'behind' : 'ahead of'} the deployment's`,
      advice: 'Set it by NTP: times of events that are sent from here are off by as much.',
    });
  }
  if (mismatches !== undefined && mismatches > 0) {
    found.push({
      level: 'fail',
      what: `the books have ${mismatches} mismatches`,
      advice: 'See the alarm "ledger mismatch" in docs/runbook.md.',
    });
  }
  return found;
}

function sourceFindings({ name, enabled, writeKeys, received }: Examined['sources'][number]): Finding[] {
  if (!enabled) return [{ level: 'ok', what: `source ${name} is switched off` }];
  if (writeKeys === 0) {
    return [
      {
        level: 'warn',
        what: `source ${name} shows no write key`,
        advice: 'Make one, or use a token with the right source.keys.',
      },
    ];
  }
  if (received === 0) {
    return [
      {
        level: 'warn',
        what: `source ${name} got no event in 24 hours`,
        advice: 'Is the client deployed, and does it send to this host with this key?',
      },
    ];
  }
  return [
    { level: 'ok', what: `source ${name}${received === undefined ? '' : ` got ${received} events in 24 hours`}` },
  ];
}

function destinationFindings(destination: Examined['destinations'][number]): Finding[] {
  const { name, enabled, paused, missingSettings, mappings, mappingsEnabled, health } = destination;
  const at = `destination ${name}`;
  if (!enabled) {
    if (missingSettings.length === 0) return [{ level: 'ok', what: `${at} is switched off` }];
    return [
      {
        level: 'warn',
        what: `${at} is switched off and lacks ${missingSettings.join(', ')}`,
        advice: 'Set them, then switch it on.',
      },
    ];
  }
  const found: Finding[] = [];
  if (paused !== undefined) {
    const by = paused.by === 'failing' ? 'because it failed for days' : 'by hand';
    found.push({
      level: 'warn',
      what: `${at} is paused since ${paused.since}, ${by}`,
      advice: 'Resume it; what came meanwhile is kept for 30 days.',
    });
  }
  if (mappingsEnabled === 0) {
    found.push({
      level: 'warn',
      what: `${at} has ${mappings === 0 ? 'no mapping' : `${mappings} mappings, none of them on`}: nothing is sent`,
      advice: 'Make a mapping, or switch one on.',
    });
  }
  if (health?.breaker !== undefined) {
    const { openedAt, message } = health.breaker;
    found.push({
      level: 'fail',
      what: `${at}: sending has stopped since ${openedAt}${message === undefined ? '' : `: ${message}`}`,
      advice: 'It goes on by itself once the tool answers well; a wrong credential must be put right here.',
    });
  } else if (health !== undefined) found.push(...lossFindings(at, health));
  return found.length > 0
    ? found
    : [{ level: 'ok', what: `${at}${health === undefined ? '' : ` delivered ${health.delivered} in 24 hours`}` }];
}

function lossFindings(
  at: string,
  { delivered, lost, error }: NonNullable<Examined['destinations'][number]['health']>,
): Finding[] {
  const share = lost / Math.max(1, delivered + lost);
  if (lost === 0 || share < LOST_SHARE_WARN) return [];
  const level = share >= LOST_SHARE_FAIL ? 'fail' : 'warn';
  const why = error === undefined ? '' : `, most often: ${error}`;
  return [
    {
      level,
      what: `${at}: ${lost} of ${delivered + lost} sends were not delivered in 24 hours${why}`,
      advice: 'Put the cause right, then replay them.',
    },
  ];
}

function laneFindings({ destinations, oldestSeconds = [] }: Examined): Finding[] {
  const shared = destinations.filter(({ enabled, hasLane }) => enabled && !hasLane).map(({ name }) => name);
  return [
    ...(shared.length > 0
      ? [
          {
            level: 'warn',
            what: `no lane was free for ${shared.join(', ')}: they share one`,
            advice: 'Deploy with more lanes (docs/deploy.md), or switch off what nobody needs.',
          } as const,
        ]
      : []),
    ...oldestSeconds
      .filter(({ seconds }) => seconds > OLD_SECONDS)
      .map(
        ({ name, seconds }): Finding => ({
          level: 'warn',
          what: `in ${name} something waits since ${Math.round(seconds / 60)} minutes`,
          advice: 'Retries wait there as well; docs/runbook.md says what else it can be.',
        }),
      ),
  ];
}

function tokenFindings({ tokens = [] }: Examined, now: Date): Finding[] {
  return tokens.flatMap(({ name, expiresAt, expired, ownerless }): Finding[] => {
    const found: Finding[] = [];
    if (expired)
      found.push({
        level: 'warn',
        what: `token ${name} has expired`,
        advice: 'Delete it, and make another where it was used.',
      });
    else if (expiresAt !== undefined && Date.parse(expiresAt) - now.getTime() < EXPIRES_SOON_DAYS * DAY_MS) {
      found.push({ level: 'warn', what: `token ${name} expires at ${expiresAt}`, advice: 'Make another one in time.' });
    }
    if (ownerless) {
      found.push({
        level: 'warn',
        what: `token ${name} was made by somebody who has left`,
        advice: 'Delete it, or make another in its place.',
      });
    }
    return found;
  });
}
