import { Skeleton, Title } from '@mantine/core';
import { useCall, useWorkspaceSlug } from '../../api/calls.ts';
import { auditPath } from '../../app/audit-path.ts';
import { AppLink, TextLink } from '../../ui/link.tsx';
import { Failed } from '../../ui/states.tsx';
import { Ago } from '../../ui/time.tsx';
import { actorWords, type AuditEvent, changeWords, thingWords } from './changes.ts';
import classes from './overview.module.css';

/** Changes that are shown; the trail has them all. */
const CHANGES_SHOWN = 8;
const POLL_MS = 30_000;

/** Who has changed what lately: where something begins to fail, this is often why. For those who may read the trail. */
export function RecentChanges() {
  const workspace = useWorkspaceSlug() ?? '';
  const trail = useCall(
    'listAppAuditEvents',
    { query: { pagination: { count: CHANGES_SHOWN } } },
    { everyMs: POLL_MS },
  );
  return (
    <section aria-label="Recent changes">
      <div className={classes['boxHead']}>
        <Title order={2}>Recent changes</Title>
        <TextLink to={`/${workspace}/settings/audit`}>Audit trail</TextLink>
      </div>
      {trail.isError && trail.data === undefined ? (
        <Failed what="Recent changes" error={trail.error} onRetry={() => void trail.refetch()} />
      ) : (
        <div className={classes['box']}>
          {trail.data === undefined ? (
            <ul className={classes['rows']} aria-label="Loading recent changes">
              {Array.from({ length: CHANGES_SHOWN / 2 }, (_, index) => (
                <li key={index} className={classes['row']}>
                  <Skeleton height={12} width={`${72 - index * 9}%`} my={4} />
                </li>
              ))}
            </ul>
          ) : trail.data.events.length === 0 ? (
            <div className={classes['none']}>Nothing was changed in the last 90 days.</div>
          ) : (
            <ul className={classes['rows']} aria-label="Recent changes">
              {trail.data.events.map((event) => (
                <li key={event.id} className={classes['row']}>
                  <Sentence event={event} workspace={workspace} />
                  <Ago at={event.at} size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }} />
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </section>
  );
}

function Sentence({ event, workspace }: { event: AuditEvent; workspace: string }) {
  const place = auditPath(event);
  const thing = thingWords(event);
  return (
    <span className={classes['rowText']}>
      {actorWords(event.actor)} {changeWords(event.event)}{' '}
      {place === undefined ? (
        <b>{thing}</b>
      ) : (
        <AppLink to={`/${workspace}${place.path}`} search={place.search ?? {}} className={classes['rowLink']}>
          {thing ?? 'Open'}
        </AppLink>
      )}
    </span>
  );
}
