import { Button, Group, Text, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { fieldErrors, useAll, useChange, useTagged, useWorkspaceSlug } from '../../api/calls.ts';
import { useIsChanging } from '../../api/use-is-changing.ts';
import { counted } from '../../ui/format.ts';
import { CopyField } from '../../ui/copy.tsx';
import { Overtaken } from '../../ui/editing/overtaken.tsx';
import { useEditing } from '../../ui/editing/use-editing.ts';
import { TextLink } from '../../ui/link.tsx';
import { Action } from '../../ui/locked.tsx';
import { ErrorLine, Failed, Waiting } from '../../ui/states.tsx';
import { Ago } from '../../ui/time.tsx';
import { toast } from '../../ui/toast.tsx';
import { useConnections } from '../alerts/connection-names.ts';
import { DeleteSource } from './delete-source.tsx';
import { useEnable } from './enable-source.tsx';
import { AccessFields, IntakeFields } from './settings/intake-fields.tsx';
import { LabelsField } from './settings/labels-field.tsx';
import { SettingGroup } from './settings/setting-group.tsx';
import classes from './settings/settings.module.css';
import { changeOfSource, countOf, type SourceDraft, sourceDraft } from './settings/source-draft.ts';
import { WriteKeys } from './settings/write-keys.tsx';
import { slugFault } from './slug.ts';
import { type AppSource, useSourceId } from './use-source.ts';

const NAME_CHARS_MAX = 128;
const FORM_ID = 'source-settings';
/** What shows the settings of a source. */
const STALE = ['getAppSource', 'listSources', 'getOverview', 'search'] as const;

/** What is set of a source. Of the form only what was changed is sent. */
export function SourceSettingsPage() {
  const asked = useTagged('getAppSource', { path: { sourceId: useSourceId() } });
  const { data, etag } = asked.data ?? {};
  if (data === undefined && asked.isError) {
    return <Failed what="The settings" error={asked.error} onRetry={() => void asked.refetch()} />;
  }
  if (data === undefined) return <Waiting what="the settings" lines={5} height={80} />;
  return <Settings key={data.source.id} source={data.source} etag={etag} />;
}

function Settings({ source, etag }: { source: AppSource; etag: string | undefined }) {
  const now = sourceDraft(source);
  const edit = useEditing(now, etag);
  const { draft } = edit;
  const set = (change: Partial<SourceDraft>): void => edit.put({ ...draft, ...change });
  const sources = useAll('listSources', 'sources');
  const save = useChange('updateAppSource', {
    stale: STALE,
    keeps: 'getAppSource',
    onDone: () => {
      edit.sent();
      toast('Saved: in force within seconds');
    },
  });
  const isChanging = useIsChanging(source.id);
  const errors = fieldErrors(save.error);
  const change = changeOfSource(edit.base, draft);
  const count = countOf(change);
  const isTaken = sources.data?.some((one) => one.slug === draft.slug && one.id !== source.id) === true;
  const slugError = errors['slug'] ?? slugFault(draft.slug) ?? (isTaken ? 'Another source has this slug' : undefined);
  const isLost = Object.keys(errors).length === 0;

  return (
    <>
      <Overtaken what="source" edit={edit} onChosen={save.reset} />
      <form
        id={FORM_ID}
        onSubmit={(event) => {
          event.preventDefault();
          if (count === 0 || slugError !== undefined || edit.isOvertaken) return;
          edit.send();
          save.mutate({ path: { sourceId: source.id }, body: change, ifMatch: edit.ifMatch });
        }}
      >
        <SettingGroup title="General">
          <TextInput
            label="Name"
            maxLength={NAME_CHARS_MAX}
            value={draft.name}
            error={errors['name'] ?? (draft.name.trim() === '' ? 'A source has a name' : undefined)}
            onChange={({ currentTarget }) => set({ name: currentTarget.value })}
          />
          <TextInput
            label="Slug"
            description="Names it in the API and in files; links go by its id and stay"
            value={draft.slug}
            error={slugError}
            onChange={({ currentTarget }) => set({ slug: currentTarget.value })}
          />
          <LabelsField source={source} />
          <CopyField label="Source id" what="source id" value={source.id} />
          <Text size="sm" c="dimmed">
            Made <Ago at={source.createdAt} />
            {source.createdBy !== undefined && ` by ${source.createdBy}`}
          </Text>
        </SettingGroup>
        <AccessFields source={source} draft={draft} set={set} errors={errors} />
        <IntakeFields source={source} draft={draft} set={set} errors={errors} />
      </form>
      <WriteKeys source={source} />
      <Schema sourceId={source.id} />
      <Danger source={source} />
      {count > 0 && (
        <div className={classes['bar']} role="region" aria-label="Changes that are not saved">
          <div>
            <Text size="sm" fw={600}>
              {counted(count, 'change')} not saved
            </Text>
            {isLost && <ErrorLine error={save.error} />}
          </div>
          <Group gap="xs">
            <Button
              variant="default"
              onClick={() => {
                edit.discard();
                save.reset();
              }}
            >
              Discard
            </Button>
            <Action
              right="source.edit"
              source={source}
              type="submit"
              form={FORM_ID}
              loading={save.isPending || isChanging}
              disabled={slugError !== undefined || draft.name.trim() === '' || edit.isOvertaken}
            >
              Save
            </Action>
          </Group>
        </div>
      )}
    </>
  );
}

function Schema({ sourceId }: { sourceId: string }) {
  const slug = useWorkspaceSlug() ?? '';
  return (
    <SettingGroup title="Schema" about="What of its events goes on.">
      <Text size="sm">
        Events, properties and traits are allowed until somebody blocks them, one by one, on the{' '}
        <TextLink to={`/${slug}/sources/${sourceId}/schema`} underline="always">
          Schema tab
        </TextLink>
        .
      </Text>
    </SettingGroup>
  );
}

function Danger({ source }: { source: AppSource }) {
  const slug = useWorkspaceSlug() ?? '';
  const navigate = useNavigate();
  const enable = useEnable();
  const { nameOf } = useConnections();
  const [isDeleting, setDeleting] = useState(false);
  return (
    <SettingGroup title={source.enabled ? 'Disable or delete' : 'Enable or delete'}>
      <Group justify="space-between" wrap="nowrap" gap="lg">
        <Text size="sm">
          {source.enabled
            ? 'Disabled, it refuses events: what is sent meanwhile is lost. What is on its way is still delivered.'
            : 'It is disabled: what is sent to it is refused and lost.'}
          {source.unusedSince !== undefined && (
            <>
              {' '}
              It has had no enabled destination since <Ago at={source.unusedSince} />.
            </>
          )}
        </Text>
        <Action
          right="source.edit"
          source={source}
          variant="default"
          style={{ flexShrink: 0 }}
          onClick={() => enable(source, !source.enabled)}
        >
          {source.enabled ? 'Disable' : 'Enable'}
        </Action>
      </Group>
      <Group justify="space-between" wrap="nowrap" gap="lg">
        <Text size="sm">
          Deleted, it takes its destinations, mappings, filters and keys along. That cannot be taken back.
        </Text>
        <Action
          right="source.delete"
          source={source}
          variant="light"
          color="red"
          style={{ flexShrink: 0 }}
          onClick={() => setDeleting(true)}
        >
          Delete
        </Action>
      </Group>
      <DeleteSource
        source={source}
        feeds={source.destinationIds.map((id) => nameOf(id) ?? id)}
        opened={isDeleting}
        onClose={() => setDeleting(false)}
        onDone={() => void navigate({ to: `/${slug}/sources` })}
      />
    </SettingGroup>
  );
}
