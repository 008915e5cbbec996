import { inParallel } from '../../shared/aws/in-parallel.ts';
import { log, logError } from '../../shared/aws/log.ts';
import { can, isOwner } from '../../shared/domain/access.ts';
import { permissionsOf } from '../../shared/domain/grants.ts';
import { isWanted, type Notification, preferencesIn } from '../../shared/domain/notification.ts';
import type { Group, Member, Person } from '../../shared/domain/people.ts';
import type { Source } from '../../shared/domain/workspace.ts';
import type { ControlStore } from '../../shared/ports/control-store.ts';
import type { Mailer } from '../../shared/ports/mailer.ts';
import type { PeopleStore } from '../../shared/ports/people-store.ts';
import { mailText, messageOf } from './message-texts.ts';

/** Members whose preferences are looked at, and so mails of one message. */
export const MAILED_PEOPLE_MAX = 200;
/** Mails of one message at once. */
const MAILS_AT_ONCE = 8;

export type MailPeopleDeps = {
  control: Pick<ControlStore, 'listMembers' | 'listGroups' | 'listSources'>;
  people: Pick<PeopleStore, 'getPerson'>;
  mailer: Mailer;
  appUrl: string;
  now: () => Date;
};

/**
 * Mails those who have asked for it what they find in the app: each only what they may see, and not what they did themselves (H11). Best effort, once, and
 * begun before the deadline: it stays among their notifications. One mail that fails keeps no other back, and nothing is thrown.
 */
export async function mailPeople(
  deps: MailPeopleDeps,
  notifications: readonly Notification[],
  workspace: string,
  deadlineMs: number,
): Promise<void> {
  const told = notifications.filter(({ audience }) => audience !== 'nobody');
  const [first] = told;
  if (first === undefined) return;
  const { workspaceId } = first;
  let late = 0;
  try {
    const [members, groups, sources] = await Promise.all([
      deps.control.listMembers(workspaceId),
      deps.control.listGroups(workspaceId),
      deps.control.listSources(workspaceId),
    ]);
    await inParallel(members.slice(0, MAILED_PEOPLE_MAX), MAILS_AT_ONCE, async (member) => {
      if (deps.now().getTime() >= deadlineMs) late += 1;
      else await mailOne(member, groups, sources).catch(failed);
    });
  } catch (error) {
    failed(error);
  }
  if (late > 0) log('WARN', 'There was no time left to mail a message to all who may want it', { workspaceId, late });

  function failed(error: unknown): void {
    logError('A message was not mailed to somebody who may want it', error, { workspaceId });
  }

  async function mailOne(member: Member, groups: readonly Group[], sources: readonly Source[]): Promise<void> {
    const person: Person | undefined = await deps.people.getPerson(member.personId);
    const preferences = person === undefined ? {} : preferencesIn(person.preferences);
    const permissions = permissionsOf(member, groups);
    const own = told.filter((notification) => {
      if (preferences.areas?.[notification.area]?.email !== true) return false;
      const seen = notification.sourceIds.map((id) => sources.find((source) => source.id === id));
      const mine =
        seen.some((source) => source?.createdBy === member.email) || typeof notification.audience === 'object';
      // Whether somebody wants mail does not hang on whether they want it in the app.
      const asked = { ...preferences, areas: {} };
      if (!isWanted(notification, { id: member.personId, isOwner: isOwner(permissions), mine, preferences: asked })) {
        return false;
      }
      return seen.every((source) =>
        can(
          permissions,
          'source.read',
          source === undefined ? { kind: 'workspace' } : { kind: 'source', id: source.id, labels: source.labels },
        ),
      );
    });
    if (own.length === 0) return;
    const message = messageOf({ name: own[0]?.title ?? '' }, own);
    await deps.mailer.send({ to: member.email, ...mailText(message, workspace, deps.appUrl) });
  }
}
