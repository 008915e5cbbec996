import type { Want } from '../domain/device-ledger.ts';
import type { ClaimRequest, ClaimStore } from '../ports/claim-store.ts';
import { claimByDevice, type DeviceClaimsDeps } from './device-claims.ts';
import { deviceKey } from './dynamo-device-ledger.ts';
import type { EventClaim } from './dynamo-event-claims.ts';
import { hashOf } from './ledger-entries.ts';

const HOUR_MS = 3_600_000;

export type ClaimTogetherDeps = DeviceClaimsDeps & {
  /** Claims each messageId by itself, in order, and answers the duplicates. */
  claimEvents: <T extends EventClaim>(claims: readonly T[]) => Promise<readonly T[]>;
};

type Waiting = {
  request: ClaimRequest;
  duplicates: Set<string>;
  failed?: { error: unknown };
  resolve: (duplicates: ReadonlySet<string>) => void;
  reject: (error: unknown) => void;
};

/**
 * Claims by whatever the events of a request say: those with a device in its ledger, the others each by itself. All claims of one tick travel
 * together, and of two requests that want the same the first has it. A device whose ledger fails fails the requests that have to do with it.
 */
export function claimTogether(deps: ClaimTogetherDeps): ClaimStore {
  let waiting: Waiting[] = [];

  const flush = async (): Promise<void> => {
    const together = waiting;
    waiting = [];
    await claimAll(deps, together);
    for (const { failed, duplicates, resolve, reject } of together) {
      if (failed === undefined) resolve(duplicates);
      else reject(failed.error);
    }
  };

  return {
    claim: (request) =>
      new Promise((resolve, reject) => {
        waiting.push({ request, duplicates: new Set(), resolve, reject });
        // `flush` settles every claim of its tick, its own failure included: nobody needs to wait for it besides.
        if (waiting.length === 1) queueMicrotask(() => void flush());
      }),
  };
}

/** One messageId of one of the requests that are claimed together. `at` is its place among all of them. */
type Claim = EventClaim & Want & { waiting: Waiting; at: number; isOfDevice: boolean };

/** Fills in the duplicates of each request, or why it failed. Never throws. */
async function claimAll(deps: ClaimTogetherDeps, together: readonly Waiting[]): Promise<void> {
  const claims = claimsOf(together);
  const unknown = await claimDevices(deps, claims);
  const byEvent = claims
    .filter((claim) => (!claim.isOfDevice || unknown.has(claim)) && claim.waiting.failed === undefined)
    .toSorted((a, b) => a.at - b.at);
  if (byEvent.length === 0) return;
  try {
    for (const { waiting, messageId } of await deps.claimEvents(byEvent)) waiting.duplicates.add(messageId);
  } catch (error) {
    for (const { waiting } of byEvent) waiting.failed ??= { error };
  }
}

function claimsOf(together: readonly Waiting[]): Claim[] {
  const claims: Claim[] = [];
  for (const waiting of together) {
    const { request } = waiting;
    const common = {
      waiting,
      request,
      owner: request.intakeId,
      receivedAtMs: Date.parse(request.receivedAt),
      windowMs: request.dedupHours * HOUR_MS,
    };
    for (const { messageId, device } of request.events) {
      const at = claims.length;
      if (device === undefined) {
        claims.push({ ...common, at, messageId, hash: '', isOfDevice: false, scope: request.sourceId });
      } else {
        const scope = deviceKey(request.sourceId, device);
        claims.push({ ...common, at, messageId, hash: hashOf(messageId), isOfDevice: true, scope });
      }
    }
  }
  return claims;
}

/** Claims in the ledgers of their devices, and answers what is left to be claimed by event. */
async function claimDevices(deps: ClaimTogetherDeps, claims: readonly Claim[]): Promise<ReadonlySet<Claim>> {
  const byKey = new Map<string, Claim[]>();
  for (const claim of claims) {
    if (!claim.isOfDevice) continue;
    const wants = byKey.get(claim.scope);
    if (wants === undefined) byKey.set(claim.scope, [claim]);
    else wants.push(claim);
  }
  const devices = [...byKey].map(([key, wants]) => ({ key, wants }));
  const unknown = new Set<Claim>();
  const fail = (wants: readonly Claim[], error: unknown): void => {
    for (const { waiting } of wants) waiting.failed ??= { error };
  };
  try {
    for (const [index, verdict] of (await claimByDevice(deps, devices)).entries()) {
      if (verdict.outcome === 'failed') fail(devices[index]?.wants ?? [], verdict.error);
      else {
        for (const { waiting, messageId } of verdict.taken) waiting.duplicates.add(messageId);
        for (const claim of verdict.unknown) unknown.add(claim);
      }
    }
  } catch (error) {
    for (const { wants } of devices) fail(wants, error);
  }
  return unknown;
}
