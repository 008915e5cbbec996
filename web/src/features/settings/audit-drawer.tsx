import { Button, Group, SimpleGrid, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { DataOf } from '../../api/calls.ts';
import { CopyIcon } from '../../ui/copy.tsx';
import { localTime, utcTime } from '../../ui/format.ts';
import { Diff } from '../../ui/json/diff-view.tsx';
import { Section } from '../../ui/page.tsx';
import { ResourceLink } from './resource-link.tsx';
import { SideDrawer } from './side-drawer.tsx';

export type AuditEvent = DataOf<'listAppAuditEvents'>['events'][number];

const ACTORS: Readonly<Record<string, string>> = {
  system: 'Tributary itself',
  operator: 'an operator, by command',
};

/** Who did it, by name. */
export const actorName = ({ type, id, name, email }: AuditEvent['actor']): string => {
  const known = [name, email].find((one) => one !== undefined && one !== '');
  if (type === 'token') return `${known ?? id} (API token)`;
  return known ?? ACTORS[type] ?? id;
};

/** One change as a whole: what was before and after, and the request that asked for it. */
export function AuditDrawer({
  entry,
  slug,
  onClose,
  onSame,
}: {
  entry: AuditEvent;
  slug: string;
  onClose: () => void;
  /** Lists the changes of the same thing. */
  onSame: (resourceId: string) => void;
}) {
  const { event, at, actor, resource, before, after, requestId, ip } = entry;
  return (
    <SideDrawer title={event} size="xl" onClose={onClose}>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md" mb="lg">
        <Fact label="Of">
          <ResourceLink slug={slug} entry={entry} />
        </Fact>
        <Fact label="By">
          <Text size="sm">{actorName(actor)}</Text>
        </Fact>
        <Fact label="When">
          <Text size="sm">{localTime(at)}</Text>
          <Text size="xs" c="dimmed">
            {utcTime(at)}
          </Text>
        </Fact>
        <Fact label="From">
          <Text size="sm">{ip ?? 'No address'}</Text>
          {requestId !== undefined && (
            <Group gap={4}>
              <Text size="xs" c="dimmed">
                Request {requestId}
              </Text>
              <CopyIcon text={requestId} what="request id" />
            </Group>
          )}
        </Fact>
      </SimpleGrid>
      <Section
        title={before === undefined ? 'What was made' : after === undefined ? 'What was deleted' : 'What changed'}
        actions={
          <Button variant="default" size="xs" onClick={() => onSame(resource.id)}>
            All changes of it
          </Button>
        }
      >
        {before === undefined && after === undefined ? (
          <Text size="sm" c="dimmed">
            This entry has no before and after.
          </Text>
        ) : (
          <Diff before={before ?? {}} after={after ?? {}} label={`Changes by ${event}`} />
        )}
      </Section>
    </SideDrawer>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      {children}
    </div>
  );
}
