import { Button } from '@mantine/core';
import { IconBellPlus, IconBellRinging } from '@tabler/icons-react';
import { useState } from 'react';
import { useAll, useWorkspaceSlug } from '../../api/calls.ts';
import { counted } from '../../ui/format.ts';
import { TextLink } from '../../ui/link.tsx';
import { Section } from '../../ui/page.tsx';
import { oneOf, useParam } from '../../ui/search-params.ts';
import { DocLink, Empty, Failed, Waiting } from '../../ui/states.tsx';
import type { About } from './alert-draft.ts';
import { AlertForm } from './alert-form.tsx';
import type { Alert } from './alert-kinds.ts';
import { AlertRow } from './alert-row.tsx';
import classes from './alerts.module.css';
import { useConnections } from './connection-names.ts';

/** What a list of alerts is asked again by: a test, or a trigger, changes what it says. */
const POLL_MS = 30_000;

/**
 * The alerts of a source, of a destination, or, with neither, of the workspace: made, changed, switched on and off, tried. What each channel answered
 * stands below its alert.
 */
export function AlertsPanel({ sourceId, destinationId }: About) {
  const slug = useWorkspaceSlug() ?? '';
  const about: About = { sourceId, destinationId };
  const alerts = useAll('listAlerts', 'alerts', undefined, { everyMs: POLL_MS });
  const { destinations } = useConnections();
  const [open, setOpen] = useState<Alert | 'new'>();
  // Usage leads here with the kind that is meant.
  const [asked, setAsked] = useParam('new', oneOf('usage'), { replace: true });
  const isOfOne = sourceId !== undefined || destinationId !== undefined;
  const thing = sourceId === undefined ? 'destination' : 'source';
  const form = (open !== undefined || asked !== undefined) && (
    <AlertForm
      about={about}
      alert={open === 'new' ? undefined : open}
      {...(open === undefined && !isOfOne && { kind: 'USAGE' })}
      onClose={() => {
        setOpen(undefined);
        if (asked !== undefined) setAsked(undefined);
      }}
    />
  );

  if (alerts.isPending) return <Waiting what="alerts" lines={4} height={72} />;
  if (alerts.isError) return <Failed what="Alerts" error={alerts.error} onRetry={() => void alerts.refetch()} />;

  const fed = new Set(destinations.filter((one) => one.sourceId === sourceId).map(({ id }) => id));
  const isOwn = (alert: Alert): boolean =>
    sourceId === undefined
      ? alert.destinationId === destinationId && destinationId !== undefined
      : alert.sourceId === sourceId || fed.has(alert.destinationId ?? '');
  const made = alerts.data.filter(({ isDefault }) => !isDefault);
  const own = isOfOne ? made.filter(isOwn) : made;
  const wide = isOfOne ? made.filter((one) => one.sourceId === undefined && one.destinationId === undefined) : [];
  const builtIn = alerts.data.filter(({ isDefault }) => isDefault);
  const add = (
    <Button leftSection={<IconBellPlus size={16} aria-hidden />} onClick={() => setOpen('new')}>
      New alert
    </Button>
  );

  return (
    <>
      {own.length === 0 ? (
        <Empty
          title={isOfOne ? `No alerts of this ${thing} yet` : 'No alerts of your own yet'}
          icon={<IconBellRinging size={26} aria-hidden />}
          action={add}
        >
          {EMPTY_TEXTS[isOfOne ? thing : 'workspace']} <DocLink page="alerts">How alerts work</DocLink>
        </Empty>
      ) : (
        <Section
          title={isOfOne ? `Alerts of this ${thing}` : 'Your alerts'}
          about={`${counted(own.length, 'alert')}, judged every minute`}
          actions={add}
        >
          <AlertList alerts={own} onEdit={setOpen} about={about} />
        </Section>
      )}
      {wide.length > 0 && (
        <Section title="Alerts of the whole workspace" about={`They look at this ${thing}, too`}>
          <AlertList alerts={wide} onEdit={setOpen} about={about} />
        </Section>
      )}
      {isOfOne ? (
        <TextLink to={`/${slug}/settings/alerts`} mt="md" display="block">
          {`${counted(builtIn.filter(({ enabled }) => enabled).length, 'built-in alert')} of the workspace`}
        </TextLink>
      ) : (
        <Section
          title="Built in"
          about="They are there without being made. Owners change who is told, or switch them off."
        >
          <AlertList alerts={builtIn} onEdit={setOpen} about={about} />
        </Section>
      )}
      {form}
    </>
  );
}

const EMPTY_TEXTS = {
  source: 'Hear of it when its events dry up or flood in, or when what it feeds stops taking them.',
  destination: 'Hear of it when deliveries fail, wait too long, or meet an error that is new.',
  workspace: 'Hear of it when a number leaves its bounds or somebody changes something.',
};

function AlertList({
  alerts,
  onEdit,
  about,
}: {
  alerts: readonly Alert[];
  onEdit: (alert: Alert) => void;
  about: About;
}) {
  return (
    <ul className={classes['list']}>
      {alerts.map((alert) => (
        <AlertRow key={alert.id} alert={alert} onEdit={() => onEdit(alert)} about={about} />
      ))}
    </ul>
  );
}
