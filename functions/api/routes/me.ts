import type { Effect } from '../../../shared/api/operation.ts';
import { OPERATIONS } from '../../../shared/api/operations.ts';
import { log, logError } from '../../../shared/aws/log.ts';
import { flattenRights } from '../../../shared/domain/grants.ts';
import { NotificationPreferences, PREFERENCES_KEY } from '../../../shared/domain/notification.ts';
import { PREFERENCES_BYTES_MAX } from '../../../shared/domain/people.ts';
import { CHANGED_MEANWHILE, conflict, invalid } from '../http/api-fault.ts';
import type { HandlersOf } from '../http/request.ts';
import { type Membership, membershipsOf } from '../people/memberships.ts';
import { endSignIns } from '../people/account-origin.ts';
import { ownsDeployment, personOf, signedInWith } from '../people/person-of.ts';
import { tellVersion } from '../resources/faults.ts';
import { claimOwnerless, signedIn } from '../people/sign-in.ts';

/** Two tabs of one person that save their preferences at the same moment. */
const SAVE_TRIES_MAX = 4;
const SECOND_MS = 1_000;

export const meHandlers: HandlersOf<'getMe' | 'updateMyPreferences' | 'endMySessions' | 'signIn'> = {
  getMe: async (request) => {
    request.matchVersion(personOf(request));
    const { id, email, name, preferences } = personOf(request);
    const memberships = await membershipsOf(request, personOf(request).id);
    return {
      user: { id, email, name },
      preferences,
      mayCreateWorkspaces: ownsDeployment(request, email) || memberships.some(({ isOwner }) => isOwner),
      workspaces: memberships.map(({ workspace, permissions, isOwner, piiAccess }) => ({
        ...named(workspace),
        ...(workspace.deletion !== undefined && { deletion: workspace.deletion }),
        isOwner,
        piiAccess,
        rights: flattenRights(permissions).map(({ right, where }) => ({
          right,
          where:
            where === 'everywhere'
              ? where
              : where.map(({ labels, ...rest }) => ({ ...rest, ...(labels !== undefined && { labels: [...labels] }) })),
        })),
      })),
      capabilities: capabilities(),
    };
  },

  // Of the person over all workspaces, and nothing that anybody else obeys: no entry of an audit trail.
  updateMyPreferences: async (request, { body }) => {
    const { deps, now, newId } = request;
    let person = personOf(request);
    for (let tries = 0; tries < SAVE_TRIES_MAX; tries += 1) {
      const entries = Object.entries({ ...person.preferences, ...body.preferences }).filter(
        ([, value]) => value !== null,
      );
      const preferences = Object.fromEntries(entries);
      refuseUnknownChoices(preferences[PREFERENCES_KEY]);
      if (Buffer.byteLength(JSON.stringify(preferences)) > PREFERENCES_BYTES_MAX) {
        throw invalid({ field: 'preferences', message: `All together may have ${PREFERENCES_BYTES_MAX} bytes.` });
      }
      request.matchVersion(person);
      const next = { ...person, preferences, updatedAt: now().toISOString() };
      const saved = await deps.people.savePerson(next, newId('write'));
      if (saved.outcome === 'saved') {
        tellVersion(request, saved.value.version);
        return { preferences };
      }
      person = (await deps.people.getPerson(person.id)) ?? person;
    }
    throw conflict(CHANGED_MEANWHILE);
  },

  // Tokens tell the second of their sign-in: those of this very second end, too.
  endMySessions: async (request) => {
    const { username } = signedInWith(request).access;
    const person = personOf(request);
    const before = new Date((Math.floor(request.now().getTime() / SECOND_MS) + 1) * SECOND_MS).toISOString();
    await endSignIns(request, person, before);
    log('INFO', 'Somebody has ended all their sessions', { personId: person.id });
    // Refused from now on, whatever the issuer does; that it renews none of them either is worth a try.
    try {
      const accounts = await request.deps.accounts();
      await accounts.signOutEverywhere(username ?? person.email);
    } catch (error) {
      logError('The issuer did not end the sessions; their tokens are refused all the same', error);
    }
    return { before };
  },

  signIn: async (request, { body }) => {
    const person = await signedIn(request, body.idToken);
    await claimOwnerless(request, person);
    const memberships = await membershipsOf(request, person.id);
    return {
      user: { id: person.id, email: person.email, name: person.name },
      workspaces: memberships.map(({ workspace }) => named(workspace)),
      mayCreateWorkspaces: ownsDeployment(request, person.email) || memberships.some(({ isOwner }) => isOwner),
    };
  },
};

/** What people hear of is obeyed, unlike what the app keeps for itself: so it has a form. */
function refuseUnknownChoices(notifications: unknown): void {
  const parsed = notifications === undefined ? undefined : NotificationPreferences.safeParse(notifications);
  const [fault] = parsed?.error?.issues ?? [];
  if (fault === undefined) return;
  const at = ['preferences', PREFERENCES_KEY, ...fault.path].join('.');
  throw invalid({ field: at, message: fault.message });
}

const named = ({ id, slug, name }: Membership['workspace']) => ({ id, slug, name });

const STRENGTH: Readonly<Record<Effect, number>> = { later: 0, stored: 1, works: 2 };

/** Areas of the API with the most that any operation of theirs does: what an app need not show is `later` as a whole. */
function capabilities(): { area: string; effect: Effect }[] {
  const areas = new Map<string, Effect>();
  for (const { tag, effect } of Object.values(OPERATIONS)) {
    const known = areas.get(tag);
    if (known === undefined || STRENGTH[effect] > STRENGTH[known]) areas.set(tag, effect);
  }
  return [...areas].map(([area, effect]) => ({ area, effect })).toSorted((a, b) => a.area.localeCompare(b.area));
}
