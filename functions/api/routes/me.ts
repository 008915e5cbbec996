import type { Effect } from '../../../shared/api/operation.ts';
import { OPERATIONS } from '../../../shared/api/operations.ts';
import { flattenRights } from '../../../shared/domain/grants.ts';
import { NotificationPreferences, PREFERENCES_KEY } from '../../../shared/domain/notification.ts';
import { type Person, PREFERENCES_BYTES_MAX } from '../../../shared/domain/people.ts';
import { CHANGED_MEANWHILE, conflict, invalid } from '../http/api-fault.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { type Membership, membershipsOf } from '../people/memberships.ts';
import { ownsDeployment, personOf } from '../people/person-of.ts';
import { tellVersion } from '../resources/faults.ts';
import { claimOwnerless, signedIn } from '../people/sign-in.ts';

/** Two tabs of one person that save at the same moment. */
const SAVE_TRIES_MAX = 4;

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
    const { preferences } = await savedPerson(request, (person) => {
      const entries = Object.entries({ ...person.preferences, ...body.preferences }).filter(
        ([, value]) => value !== null,
      );
      const preferences = Object.fromEntries(entries);
      refuseUnknownChoices(preferences[PREFERENCES_KEY]);
      if (Buffer.byteLength(JSON.stringify(preferences)) > PREFERENCES_BYTES_MAX) {
        throw invalid({ field: 'preferences', message: `All together may have ${PREFERENCES_BYTES_MAX} bytes.` });
      }
      request.matchVersion(person);
      return { ...person, preferences };
    });
    return { preferences };
  },

  // Tokens tell the second of their sign-in: those of this very second end, too.
  endMySessions: async (request) => {
    const nextSecond = new Date((Math.floor(request.now().getTime() / 1_000) + 1) * 1_000).toISOString();
    const { notBefore } = await savedPerson(request, (person) => ({
      ...person,
      notBefore: person.notBefore !== undefined && person.notBefore > nextSecond ? person.notBefore : nextSecond,
    }));
    return { before: notBefore ?? nextSecond };
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

/** Saves the caller as `change` makes them of what they are now; it is called again where somebody else was quicker. */
async function savedPerson(request: ApiRequest, change: (person: Person) => Person): Promise<Person> {
  const { deps, now, newId } = request;
  let person = personOf(request);
  for (let tries = 0; tries < SAVE_TRIES_MAX; tries += 1) {
    const saved = await deps.people.savePerson({ ...change(person), updatedAt: now().toISOString() }, newId('write'));
    if (saved.outcome === 'saved') {
      tellVersion(request, saved.value.version);
      return saved.value;
    }
    person = (await deps.people.getPerson(person.id)) ?? person;
  }
  throw conflict(CHANGED_MEANWHILE);
}

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
