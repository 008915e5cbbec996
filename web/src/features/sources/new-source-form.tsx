import { Button, Group, Paper, Select, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ENVIRONMENT_KEY } from '../../../../shared/domain/environment.ts';
import { fieldErrors, forget, useAll, useApi, useCall, useWorkspaceSlug } from '../../api/calls.ts';
import { TextLink } from '../../ui/link.tsx';
import { Action } from '../../ui/locked.tsx';
import { Logo } from '../../ui/logo.tsx';
import { ErrorLine } from '../../ui/states.tsx';
import { toastError } from '../../ui/toast.tsx';
import { slugFault, slugOf } from './slug.ts';
import type { SourceKind } from './source-kinds.ts';

const NAME_CHARS_MAX = 128;
const FORM_ID = 'new-source';

/** Name, slug and environment of a new source. It takes events at once (A14); its install page comes next. */
export function NewSourceForm({ kind }: { kind: SourceKind }) {
  const workspace = useWorkspaceSlug() ?? '';
  const navigate = useNavigate();
  const api = useApi();
  const queries = useQueryClient();
  const sources = useAll('listSources', 'sources');
  const environments = useCall('listEnvironments', undefined, { freshMs: 60_000 });
  const [name, setName] = useState('');
  const [ownSlug, setOwnSlug] = useState<string>();
  const [environment, setEnvironment] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const taken = new Set(sources.data?.map(({ slug }) => slug));
  const slug = ownSlug ?? slugOf(name, taken);
  const errors = fieldErrors(error);
  const fault =
    errors['slug'] ??
    (slug === '' ? undefined : (slugFault(slug) ?? (taken.has(slug) ? 'Another source has this slug' : undefined)));
  const labels = environment === '' ? [] : [{ key: ENVIRONMENT_KEY, value: environment }];

  const create = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const { source } = await api.call('createSource', { body: { slug, enabled: true, metadataId: kind.id } });
      // The source is there: what cannot be added to it is said, and can be done in its settings.
      const path = { sourceId: source.id };
      try {
        if (name.trim() !== slug) await api.call('updateAppSource', { path, body: { name: name.trim() } });
        if (labels.length > 0) await api.call('addLabelsToSource', { path, body: { labels } });
      } catch (missed) {
        toastError('The source is there, but not all of it was set', missed as Error);
      }
      void forget(queries, workspace, ['listSources', 'listEnvironments', 'getOverview']);
      await navigate({ to: `/${workspace}/sources/${source.id}/install` });
    } catch (failed) {
      setError(failed as Error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Paper withBorder p="lg" maw={620}>
      <form
        id={FORM_ID}
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy && slug !== '' && fault === undefined) void create();
        }}
      >
        <Stack gap="md">
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <Group gap="sm" wrap="nowrap">
              <Logo slug={kind.slug} name={kind.name} size={36} />
              <div>
                <Text fw={600}>{kind.name}</Text>
                <Text size="sm" c="dimmed">
                  {kind.description}
                </Text>
              </div>
            </Group>
            <TextLink to={`/${workspace}/sources/new`} style={{ flexShrink: 0 }}>
              Change type
            </TextLink>
          </Group>
          <TextInput
            label="Name"
            description="What people call it, such as “Shop” or “Billing server”"
            value={name}
            maxLength={NAME_CHARS_MAX}
            error={errors['name']}
            required
            data-autofocus
            // The form is what this page is for.
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <TextInput
            label="Slug"
            description="Names it in the API and in files; it follows the name until you change it"
            value={slug}
            error={fault}
            onChange={({ currentTarget }) => setOwnSlug(currentTarget.value === '' ? undefined : currentTarget.value)}
          />
          <Select
            label="Environment"
            description="Keeps what is production apart from what is tried out"
            data={[
              { value: '', label: 'None' },
              ...(environments.data?.environments ?? []).map(({ value }) => ({ value, label: value })),
            ]}
            value={environment}
            allowDeselect={false}
            onChange={(value) => setEnvironment(value ?? '')}
          />
          <ErrorLine error={Object.keys(errors).length > 0 ? null : error} />
          <Group justify="space-between">
            <Text size="sm" c="dimmed">
              Its type cannot be changed later.
            </Text>
            <Group gap="xs">
              <Button variant="default" onClick={() => void navigate({ to: `/${workspace}/sources` })}>
                Cancel
              </Button>
              <Action
                right="source.create"
                type="submit"
                labels={labels}
                loading={isBusy}
                disabled={name.trim() === '' || slug === '' || fault !== undefined}
              >
                Create source
              </Action>
            </Group>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
