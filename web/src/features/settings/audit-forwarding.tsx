import { Button, Select, Text } from '@mantine/core';
import { useState } from 'react';
import { useAll, useChange, useWorkspaceSlug } from '../../api/calls.ts';
import { useMay } from '../../api/me.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { TextLink } from '../../ui/link.tsx';
import { DocLink } from '../../ui/states.tsx';
import { toast, toastError } from '../../ui/toast.tsx';
import { FactRow } from './fact-rows.tsx';
import type { OwnWorkspace } from './general-page.tsx';

const NONE = '';

/** Which source gets the audit trail as events (H15). Choosing one is confirmed: who reads that source reads the trail. */
export function AuditForwarding({ workspace: { auditForwarding } }: { workspace: OwnWorkspace }) {
  const slug = useWorkspaceSlug() ?? '';
  const may = useMay('workspace.edit');
  const sources = useAll('listSources', 'sources');
  const [asked, setAsked] = useState<string>();
  const save = useChange('updateWorkspace', {
    stale: ['getOwnWorkspace'],
    onDone: ({ workspace }) => {
      setAsked(undefined);
      toast(
        workspace.auditForwarding === undefined
          ? 'The audit trail is not forwarded any more'
          : 'From now on each change is an event',
      );
    },
    onFailed: (error) => toastError('This was not saved', error),
  });
  const chosen = auditForwarding?.sourceId ?? NONE;
  const data = (sources.data ?? [])
    .filter(({ id, enabled }) => enabled || id === chosen)
    .map(({ id, name, slug }) => ({ value: id, label: name ?? slug }));
  const nameOf = (id: string): string => data.find(({ value }) => value === id)?.label ?? id;
  return (
    <FactRow
      label="Forward the audit trail"
      about={
        <>
          Each change becomes an event of a source, and goes wherever that source’s events go.{' '}
          <DocLink page="audit-forwarding">What the events hold</DocLink>
        </>
      }
    >
      {auditForwarding === undefined ? (
        <Select
          aria-label="Source that gets the audit trail"
          placeholder="Not forwarded"
          data={data}
          value={null}
          disabled={!may}
          onChange={(value) => value !== null && setAsked(value)}
          searchable
          nothingFoundMessage="No enabled source"
          w={220}
        />
      ) : (
        <>
          <TextLink to={`/${slug}/sources/${chosen}/overview`}>{nameOf(chosen)}</TextLink>
          <Button
            variant="default"
            size="xs"
            disabled={!may}
            loading={save.isPending}
            onClick={() => save.mutate({ body: { auditForwarding: null } })}
          >
            Stop
          </Button>
        </>
      )}
      <Confirm
        opened={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title={`Forward the audit trail to ${nameOf(asked ?? '')}`}
        button="Forward"
        colour="indigo"
        isPending={save.isPending}
        error={save.error}
        onConfirm={() => save.mutate({ body: { auditForwarding: { sourceId: asked ?? '' } } })}
      >
        <Text size="sm">
          Everybody who may see this source will see who changed what, with addresses of people. Use a source of its
          own, and give roles by label or source so that it is not among theirs. It begins with this change; what
          happened before stays in the audit trail alone.
        </Text>
      </Confirm>
    </FactRow>
  );
}
