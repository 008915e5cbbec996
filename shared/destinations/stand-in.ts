import type { Rehearsal } from '../domain/rehearsal.ts';

/** Who answered in the tool's place: nothing has left, whatever the answer says. */
export type StandInName = 'dry-run' | 'rehearsal';
export type StandInAnswer = {
  by: StandInName;
  status: number;
  statusText: string;
  headers: Readonly<Record<string, string>>;
  body: string;
};
/** Asked before each request that our rules would let out; `undefined`: the request goes out. */
export type StandIn = () => StandInAnswer | undefined;

/** Says in an answer, and so in whatever shows it, that no tool gave it. */
const STAND_IN_HEADER = 'tributary-answered-by';

/**
 * What most tools answer when all is well, as far as code that reads the answer gets along with it: JSON of an object that has a token, for those
 * that ask for one first. Nobody knows what the tool would say, so what is asked after the first answer may differ in truth.
 */
const DRY_RUN_BODY = JSON.stringify({
  id: 'dry-run',
  success: true,
  access_token: 'dry-run-token',
  token_type: 'Bearer',
  expires_in: 3_600,
});

/** Answers every request of a dry run. */
export const dryRun: StandIn = () => ({
  by: 'dry-run',
  status: 200,
  statusText: 'OK',
  headers: { 'content-type': 'application/json', [STAND_IN_HEADER]: 'dry-run' },
  body: DRY_RUN_BODY,
});

/** Words that the error table shows for a rehearsed failure. */
export const REHEARSED = 'Outage rehearsal';

/** Answers as a tool that is down while `rehearsal` says that there is one; it is asked anew for each request, so that it ends on time. */
export const rehearsed =
  (rehearsal: () => Rehearsal | undefined): StandIn =>
  () => {
    const found = rehearsal();
    if (found === undefined) return undefined;
    return {
      by: 'rehearsal',
      status: found.status,
      statusText: REHEARSED,
      headers: { 'content-type': 'text/plain', [STAND_IN_HEADER]: 'rehearsal' },
      body: `${REHEARSED} until ${found.until}: answered by Tributary, nothing was sent.`,
    };
  };
