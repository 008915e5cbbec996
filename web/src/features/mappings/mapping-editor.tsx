import { Button, Group, Paper, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { CatalogAction, CatalogDestination } from '../../../../shared/catalog/catalog-entry.ts';
import { fieldErrors, useChange } from '../../api/calls.ts';
import { useMay } from '../../api/me.ts';
import { useIsChanging } from '../../api/use-is-changing.ts';
import { Overtaken } from '../../ui/editing/overtaken.tsx';
import { useEditing } from '../../ui/editing/use-editing.ts';
import { jsonText, readJson } from '../../ui/json-text.ts';
import { useLeaveGuard } from '../../ui/leave-guard.tsx';
import { TextLink } from '../../ui/link.tsx';
import { Action } from '../../ui/locked.tsx';
import { ErrorLine } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import type { AppSource } from '../destinations/use-destination.ts';
import { ConditionEditor } from '../filters/condition-editor.tsx';
import { pathsOf } from '../filters/event-paths.ts';
import { useRecentEvents } from '../filters/recent-events.ts';
import { faultOf } from '../filters/rules.ts';
import { useEstimate } from '../filters/use-estimate.ts';
import { EventPane } from './event-pane.tsx';
import { FieldList } from './field-list.tsx';
import { changesOf, draftOf, errorsByField, type MappingDraft, type SavedMapping } from './mapping-draft.ts';
import { MappingHead } from './mapping-head.tsx';
import classes from './mappings.module.css';
import { MatchEstimate } from './match-estimate.tsx';
import { OutputPane } from './output-pane.tsx';
import { RawFields } from './raw-fields.tsx';
import { STALE_WITH_MAPPING } from './use-mapping-changes.ts';
import { usePreview } from './use-preview.ts';
import { useTried } from './use-tried.ts';

export type MappingEditorProps = {
  saved: SavedMapping | undefined;
  /** The version of `saved`. */
  etag: string | undefined;
  /** What a new one begins with. */
  first: MappingDraft;
  action: CatalogAction;
  type: CatalogDestination;
  source: AppSource;
  destinationId: string;
  /** Address of the list. */
  base: string;
  onAction: (key: string) => void;
  onSaved: (id: string) => void;
  onGone: () => void;
};

/** Names that cannot be mapped: a dot in them would be read as a step (features 1.10). */
const UNMAPPED = /[.[\]]/;

/** Three panes: an event, the mapping, and what comes out of it. */
export function MappingEditor(props: MappingEditorProps) {
  const { saved, etag, first, action, type, source, destinationId, base, onAction, onSaved, onGone } = props;
  const now = useMemo(() => (saved === undefined ? first : draftOf(saved)), [saved, first]);
  const edit = useEditing(now, etag);
  const { draft, edited } = edit;
  const [raw, setRaw] = useState<string>();
  const mayEdit = useMay('destination.edit', source);
  const set = (members: Partial<MappingDraft>): void => {
    if (mayEdit) edit.put({ ...draft, ...members });
  };
  const forgetTried = (): void => {
    setRaw(undefined);
    update.reset();
  };
  /** Fields as text are what they were when it was opened: the edit begins there. */
  const toggleRaw = (): void => {
    setRaw(raw === undefined ? jsonText(draft.fields) : undefined);
    if (raw === undefined) edit.begin();
    else if (edited === undefined) edit.end();
  };

  const recent = useRecentEvents(source.id);
  const { tried, sample, choose } = useTried(destinationId, saved?.id, draft.trigger, recent.events);
  const paths = useMemo(
    () =>
      pathsOf([...(tried === undefined ? [] : [tried.event]), ...recent.events.map(({ event }) => event)]).filter(
        ({ steps }) => !steps.some((step) => UNMAPPED.test(step)),
      ),
    [tried, recent.events],
  );
  const preview = usePreview(destinationId, { id: saved?.id, actionId: action.id }, draft, tried?.event);
  const triggerFault = faultOf(draft.trigger, 'trigger');
  const estimate = useEstimate(
    triggerFault === undefined
      ? {
          sourceId: source.id,
          destinationId,
          trigger: draft.trigger,
          ...(saved !== undefined && { subscriptionId: saved.id }),
        }
      : undefined,
  );

  const changes = saved === undefined ? {} : changesOf(edit.base, draft);
  const isDirty = edited !== undefined && (saved === undefined || Object.keys(changes).length > 0);
  const { guard, release } = useLeaveGuard(isDirty);
  const create = useChange('createDestinationSubscription', {
    stale: STALE_WITH_MAPPING,
    onDone: ({ destinationSubscription: { id, name } }) => {
      release();
      toast(`“${name}” is saved, disabled: enable it when it is right`);
      onSaved(id);
    },
  });
  const update = useChange('updateSubscriptionForDestination', {
    stale: STALE_WITH_MAPPING,
    keeps: 'getSubscriptionFromDestination',
    onDone: ({ subscription }) => {
      edit.sent();
      setRaw(undefined);
      toast(`“${subscription.name}” is saved${subscription.enabled ? '' : ', disabled'}`);
    },
  });
  const error = create.error ?? update.error;
  const errors = errorsByField({
    ...(preview.isError && !preview.isWaiting && fieldErrors(preview.error)),
    ...fieldErrors(error),
  });
  const isChanging = useIsChanging(saved?.id);
  const isPending = create.isPending || update.isPending || isChanging;
  const save = (enabled?: boolean): void => {
    edit.send();
    const name = draft.name.trim();
    const settings = { ...draft.fields };
    if (saved === undefined) {
      create.mutate({
        path: { destinationId },
        body: { name, actionId: action.id, trigger: draft.trigger, enabled: false, settings },
      });
    } else {
      const input = { ...changes, ...(enabled !== undefined && { enabled }) };
      update.mutate({ path: { destinationId, id: saved.id }, body: { input }, ifMatch: edit.ifMatch });
    }
  };
  const isBroken =
    edit.isOvertaken ||
    triggerFault !== undefined ||
    (raw !== undefined && !readJson(raw).isJson) ||
    draft.name.trim() === '';

  return (
    <div>
      <Group justify="space-between" mb="md" gap="xs">
        <TextLink to={base} size="sm">
          <Group gap={4} component="span" wrap="nowrap">
            <IconArrowLeft size={14} aria-hidden="true" /> All mappings
          </Group>
        </TextLink>
        {saved !== undefined && (
          <MappingHead
            saved={saved}
            source={source}
            toolName={type.name}
            event={tried}
            isDirty={isDirty}
            onGone={() => {
              release();
              onGone();
            }}
          />
        )}
      </Group>
      <Overtaken what="mapping" edit={edit} onChosen={forgetTried} />
      <div className={classes.panes}>
        <div className={classes.side}>
          <EventPane recent={recent} sample={sample} trigger={draft.trigger} chosen={tried} onChoose={choose} />
        </div>
        <Stack gap="md" style={{ minWidth: 0 }}>
          <Paper withBorder p="md">
            <Stack gap="md">
              <Group gap="sm" align="flex-start" wrap="nowrap">
                <TextInput
                  label="Name"
                  value={draft.name}
                  readOnly={!mayEdit}
                  onChange={({ currentTarget }) => set({ name: currentTarget.value })}
                  error={draft.name.trim() === '' ? 'Name the mapping' : errors.name}
                  style={{ flex: 1 }}
                />
                {saved === undefined && type.actions.length > 1 ? (
                  <Select
                    label="Action"
                    value={action.key}
                    data={type.actions.map(({ key, title }) => ({ value: key, label: title }))}
                    onChange={(key) => {
                      if (key !== null) onAction(key);
                    }}
                    allowDeselect={false}
                    w={190}
                  />
                ) : (
                  <TextInput label="Action" value={action.title} readOnly variant="filled" w={170} />
                )}
              </Group>
              <ConditionEditor
                label="Trigger"
                text={draft.trigger}
                onChange={(trigger) => set({ trigger })}
                dialect="trigger"
                events={recent.events}
                error={errors.trigger}
                isChecked={edited !== undefined}
                empty="No condition: every event."
              />
              <MatchEstimate estimate={estimate} isBroken={triggerFault !== undefined} />
            </Stack>
          </Paper>
          <Group justify="flex-end" gap={6} mb={-8}>
            <Button
              variant="subtle"
              color="gray"
              size="compact-xs"
              disabled={raw !== undefined && !readJson(raw).isJson}
              onClick={toggleRaw}
            >
              {raw === undefined ? 'Edit fields as JSON' : 'Edit fields as rows'}
            </Button>
          </Group>
          {raw === undefined ? (
            <FieldList
              action={action}
              fields={draft.fields}
              onChange={(fields) => set({ fields })}
              paths={paths}
              mapped={preview.one?.mapped ?? undefined}
              errors={errors.fields}
              isReadOnly={!mayEdit}
            />
          ) : (
            <RawFields
              raw={raw}
              errors={errors.fields}
              isReadOnly={!mayEdit}
              onRaw={setRaw}
              onChange={(fields) => set({ fields })}
            />
          )}
        </Stack>
        <div className={classes.side}>
          <OutputPane
            preview={preview}
            event={tried?.event}
            isFielded={errors.trigger !== undefined || Object.keys(errors.fields).length > 0}
          />
        </div>
      </div>
      <div className={classes.bar}>
        <div style={{ flex: 1 }}>
          {error !== null && Object.keys(fieldErrors(error)).length === 0 ? (
            <ErrorLine error={error} />
          ) : (
            <Text size="sm" c={error === null ? 'dimmed' : 'var(--mantine-color-error)'} role="status">
              {error === null ? stateWords(saved, isDirty) : 'Not saved: see what is marked above.'}
            </Text>
          )}
        </div>
        {saved !== undefined && (
          <Button
            variant="default"
            disabled={!isDirty}
            onClick={() => {
              edit.discard();
              forgetTried();
            }}
          >
            Discard changes
          </Button>
        )}
        {saved?.enabled === false && isDirty && (
          <Action
            right="destination.edit"
            source={source}
            variant="default"
            loading={isPending}
            disabled={isBroken}
            onClick={() => save(true)}
          >
            Save and enable
          </Action>
        )}
        <Action
          right="destination.edit"
          source={source}
          {...(saved?.enabled !== true && { labels: [] })}
          disabled={isBroken || (saved !== undefined && !isDirty)}
          loading={isPending}
          onClick={() => save()}
        >
          {saved === undefined ? 'Save mapping' : 'Save'}
        </Action>
      </div>
      {guard}
    </div>
  );
}

const stateWords = (saved: SavedMapping | undefined, isDirty: boolean): string => {
  if (saved === undefined) return 'A new mapping is saved disabled';
  return isDirty ? 'Changes are not saved' : 'Everything is saved';
};
