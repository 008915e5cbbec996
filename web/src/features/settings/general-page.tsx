import { Group, Paper, Skeleton, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { appConfig } from '../../app/config.ts';
import { type DataOf, fieldErrors, useCall, useChange } from '../../api/calls.ts';
import { useMay } from '../../api/me.ts';
import { CopyField } from '../../ui/copy.tsx';
import { localTime } from '../../ui/format.ts';
import { Action } from '../../ui/locked.tsx';
import { Section } from '../../ui/page.tsx';
import { DocLink, ErrorLine, Failed } from '../../ui/states.tsx';
import { toast, toastError } from '../../ui/toast.tsx';
import { AuditForwarding } from './audit-forwarding.tsx';
import { DeleteWorkspace } from './delete-workspace.tsx';
import { FactRow } from './fact-rows.tsx';
import classes from './settings.module.css';

const NAME_CHARS_MAX = 128;
export type OwnWorkspace = DataOf<'getOwnWorkspace'>['workspace'];

/** Name and slug, where the deployment is, what happens by itself, and the end of the workspace. */
export function GeneralPage() {
  const own = useCall('getOwnWorkspace');
  if (own.isPending) {
    return (
      <Stack gap="md" role="status" aria-label="Loading the settings" data-face="loading">
        <Skeleton height={190} radius="lg" />
        <Skeleton height={280} radius="lg" />
      </Stack>
    );
  }
  if (own.isError) {
    return <Failed what="The settings" error={own.error} onRetry={() => void own.refetch()} />;
  }
  const { workspace } = own.data;
  return (
    <>
      <Names key={`${workspace.name}/${workspace.slug}`} workspace={workspace} />
      <Deployment workspace={workspace} />
      <Upkeep workspace={workspace} />
      <DeleteWorkspace workspace={workspace} />
    </>
  );
}

function Names({ workspace }: { workspace: OwnWorkspace }) {
  const may = useMay('workspace.edit');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [name, setName] = useState(workspace.name);
  const [slug, setSlug] = useState(workspace.slug);
  const isChanged = name.trim() !== workspace.name || slug !== workspace.slug;
  const save = useChange('updateWorkspace', {
    stale: slug === workspace.slug ? ['getOwnWorkspace'] : [],
    onDone: (data) => {
      toast('Saved');
      void queries.refetchQueries({ queryKey: ['', 'getMe'] }).then(async () => {
        if (data.workspace.slug === workspace.slug) return;
        await navigate({ to: `/${data.workspace.slug}/settings/general`, replace: true });
      });
    },
  });
  const errors = fieldErrors(save.error);
  return (
    <Section title="Name">
      <Paper withBorder p="lg">
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate({
              body: {
                ...(name.trim() !== workspace.name && { name: name.trim() }),
                ...(slug !== workspace.slug && { slug }),
              },
            });
          }}
        >
          <Stack gap="md">
            <TextInput
              label="Name"
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
              maxLength={NAME_CHARS_MAX}
              error={errors['name']}
              readOnly={!may}
              required
            />
            <TextInput
              label="Slug"
              description="Stands in the app’s addresses. Links with the old one stop working; SDKs and API tokens do not use it."
              value={slug}
              onChange={({ currentTarget }) => setSlug(currentTarget.value)}
              error={errors['slug']}
              readOnly={!may}
              required
            />
            {Object.keys(errors).length === 0 && <ErrorLine error={save.error} />}
            {(isChanged || !may) && (
              <Group>
                <Action right="workspace.edit" type="submit" loading={save.isPending}>
                  Save
                </Action>
              </Group>
            )}
          </Stack>
        </form>
      </Paper>
    </Section>
  );
}

function Deployment({ workspace }: { workspace: OwnWorkspace }) {
  const { apiUrl, ingestUrl, cdnUrl, region, stage, edition } = appConfig();
  const where =
    edition === 'local' ? 'On one machine, for evaluation and development' : `AWS, ${region}, stage ${stage}`;
  return (
    <Section title="Addresses" about="What SDKs, servers and your own programs talk to.">
      <Paper withBorder>
        <FactRow label="Tracking" about="Where SDKs send events to">
          <CopyField value={ingestUrl} what="tracking address" />
        </FactRow>
        <FactRow label="CDN" about="Analytics.js and its settings">
          <CopyField value={cdnUrl} what="CDN address" />
        </FactRow>
        <FactRow
          label="API"
          about={
            <>
              The Public API, for programs with an API token. <DocLink page="api">How it is used</DocLink>
            </>
          }
        >
          <CopyField value={apiUrl} what="API address" />
        </FactRow>
        <FactRow label="Workspace id" about={`Made ${localTime(workspace.createdAt)}`}>
          <CopyField value={workspace.id} what="workspace id" />
        </FactRow>
        <FactRow label="Runs">
          <Text size="sm">{where}</Text>
        </FactRow>
      </Paper>
    </Section>
  );
}

function Upkeep({ workspace }: { workspace: OwnWorkspace }) {
  const may = useMay('workspace.edit');
  const save = useChange('updateWorkspace', {
    stale: ['getOwnWorkspace'],
    onDone: ({ workspace: { autoDisableSources } }) =>
      toast(autoDisableSources ? 'Unused sources are switched off from now on' : 'Unused sources stay on'),
    onFailed: (error) => toastError('This was not saved', error),
  });
  return (
    <Section title="Upkeep">
      <Paper withBorder>
        <FactRow
          label="Switch off unused sources"
          about="A source that has had no enabled destination for 14 days is switched off, also when it receives events."
        >
          <Switch
            aria-label="Switch off unused sources"
            checked={workspace.autoDisableSources}
            disabled={!may || save.isPending}
            onChange={({ currentTarget }) => save.mutate({ body: { autoDisableSources: currentTarget.checked } })}
          />
        </FactRow>
        <AuditForwarding workspace={workspace} />
      </Paper>
    </Section>
  );
}
