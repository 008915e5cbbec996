import type { ClaimRequest } from '../../shared/ports/claim-store.ts';

const HOUR_MS = 3_600_000;
type Verdict = { request: ClaimRequest; receivedAtMs: number; isOwned: boolean };

/** What claimants were told, event by event, and whether it may be so. */
export class ClaimVerdicts {
  readonly #byEvent = new Map<string, Verdict[]>();

  add(request: ClaimRequest, duplicates: ReadonlySet<string>): void {
    for (const { messageId, device } of request.events) {
      const name = `${request.sourceId} ${device} ${messageId}`;
      const verdicts = this.#byEvent.get(name) ?? [];
      const receivedAtMs = Date.parse(request.receivedAt);
      verdicts.push({ request, receivedAtMs, isOwned: !duplicates.has(messageId) });
      this.#byEvent.set(name, verdicts);
    }
  }

  get events(): number {
    return this.#byEvent.size;
  }

  /**
   * What is wrong with them. No event has two owners within a window, and who was told "duplicate" was told so because of one that owns it:
   * nothing twice, nothing lost.
   */
  faults(): string[] {
    return [...this.#byEvent].flatMap(([name, verdicts]) => {
      const owned = verdicts.filter(({ isOwned }) => isOwned);
      const twice = owned.flatMap((one, at) =>
        owned
          .slice(at + 1)
          .filter((other) => other.request.intakeId !== one.request.intakeId && isWithin(one, other))
          .map((other) => `${name} has two owners: ${one.request.intakeId} and ${other.request.intakeId}`),
      );
      const lost = verdicts
        .filter(({ isOwned }) => !isOwned)
        .filter(
          (verdict) =>
            !owned.some(
              (owner) =>
                owner.request.intakeId !== verdict.request.intakeId &&
                owner.receivedAtMs + windowMs(verdict) >= verdict.receivedAtMs,
            ),
        )
        .map(({ request }) => `${name} of ${request.intakeId} is nobody's`);
      return [...twice, ...lost];
    });
  }
}

const windowMs = ({ request }: Verdict): number => request.dedupHours * HOUR_MS;

/** Neither is expired for the other. */
const isWithin = (one: Verdict, other: Verdict): boolean =>
  one.receivedAtMs + windowMs(other) >= other.receivedAtMs && other.receivedAtMs + windowMs(one) >= one.receivedAtMs;
