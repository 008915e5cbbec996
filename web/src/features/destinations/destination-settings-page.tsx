import { Group, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useWorkspaceSlug } from '../../api/calls.ts';
import { CopyField } from '../../ui/copy.tsx';
import { Action } from '../../ui/locked.tsx';
import { Section } from '../../ui/page.tsx';
import { Failed, Waiting } from '../../ui/states.tsx';
import { isDeviceOnly } from '../catalog/catalog.ts';
import { ConnectionForm } from './connection-form.tsx';
import { CopySettings } from './copy-settings.tsx';
import { DeleteDestination } from './delete-destination.tsx';
import { DeliveryForm } from './delivery-form.tsx';
import classes from './destinations.module.css';
import { DuplicateDestination } from './duplicate-destination.tsx';
import { usePause } from './pause.ts';
import { Rehearsal, whyNoRehearsal } from './rehearsal.tsx';
import { type LoadedDestination, useDestination, useDestinationId } from './use-destination.ts';

/** Everything that is set of a destination. */
export function DestinationSettingsPage() {
  const asked = useDestination(useDestinationId());
  if (asked.isPending) return <Waiting what="settings" lines={6} height={56} />;
  if (asked.data === undefined) {
    return <Failed what="The settings" error={asked.error} onRetry={() => void asked.refetch()} />;
  }
  const { destination, type, source } = asked.data;
  return (
    <>
      <Section
        title="Connection"
        about={
          <Group gap={6}>
            {type !== undefined && isDeviceOnly(type)
              ? 'Device mode: the tool’s own library sends from visitors’ browsers.'
              : 'Cloud mode: events are sent from our servers.'}
            <CopyField value={destination.id} what="destination id" />
          </Group>
        }
      >
        {type === undefined ? (
          <Waiting what="its type" lines={3} height={56} />
        ) : (
          <ConnectionForm key={destination.id} destination={destination} type={type} source={source} />
        )}
      </Section>
      <Section title="Delivery">
        <DeliveryForm key={destination.id} destination={destination} source={source} />
      </Section>
      <Section title="More">
        <More {...asked.data} />
      </Section>
    </>
  );
}

function More({ destination, type, source }: LoadedDestination) {
  const workspace = useWorkspaceSlug() ?? '';
  const navigate = useNavigate();
  const pause = usePause();
  const [open, setOpen] = useState<'duplicate' | 'delete'>();
  const isPaused = destination.paused !== undefined;
  return (
    <div className={classes.rows}>
      <Row
        title={isPaused ? 'Paused' : 'Pause'}
        about="While it is paused its events are kept as not delivered, and can be replayed afterwards. Disabled, it would not get them at all."
      >
        <Action
          right="destination.edit"
          source={source}
          variant="default"
          size="xs"
          loading={pause.isPending}
          onClick={() => pause.set(destination, !isPaused)}
        >
          {isPaused ? 'Resume' : 'Pause'}
        </Action>
      </Row>
      <Row
        title="Copy settings"
        about={`All settings of another ${type?.name ?? 'destination of its type'}, secrets included, take the place of these.`}
      >
        <CopySettings destination={destination} source={source} />
      </Row>
      <Row
        title="Rehearse an outage"
        about={
          whyNoRehearsal(source) ??
          'For some minutes Tributary answers an error in the tool’s place: see alerts, retries and replay at work.'
        }
      >
        <Rehearsal destination={destination} source={source} />
      </Row>
      <Row
        title="Duplicate"
        about="A copy with settings, secrets, mappings and filters, for this source or another one. It is disabled at first."
      >
        <Action right="destination.create" variant="default" size="xs" onClick={() => setOpen('duplicate')}>
          Duplicate
        </Action>
      </Row>
      <Row
        title="Delete"
        about="It goes with its mappings, filters and credentials. To stop it for a while, disable it instead."
      >
        <Action
          right="destination.delete"
          source={source}
          variant="light"
          color="red"
          size="xs"
          onClick={() => setOpen('delete')}
        >
          Delete
        </Action>
      </Row>
      {open === 'duplicate' && <DuplicateDestination from={destination} onClose={() => setOpen(undefined)} />}
      {open === 'delete' && (
        <DeleteDestination
          one={{
            ...destination,
            source: { name: source?.name ?? 'Its source' },
            typeName: type?.name ?? destination.type,
          }}
          onClose={() => setOpen(undefined)}
          onDone={() => void navigate({ to: `/${workspace}/destinations` })}
        />
      )}
    </div>
  );
}

function Row({ title, about, children }: { title: string; about: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.row}>
      <div>
        <Text size="sm" fw={600}>
          {title}
        </Text>
        <Text size="sm" c="dimmed" component="div" maw={620}>
          {about}
        </Text>
      </div>
      {children}
    </div>
  );
}
