import { Button, Group, Paper, Stack, Text, TextInput } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { FILTER_NAME_CHARS_MAX } from '../../../../shared/domain/rule-bounds.ts';
import { fieldErrors, useChange } from '../../api/calls.ts';
import { useIsChanging } from '../../api/use-is-changing.ts';
import { useMay } from '../../api/me.ts';
import { Overtaken } from '../../ui/editing/overtaken.tsx';
import { useEditing } from '../../ui/editing/use-editing.ts';
import { TextLink } from '../../ui/link.tsx';
import { useLeaveGuard } from '../../ui/leave-guard.tsx';
import { Action } from '../../ui/locked.tsx';
import { ErrorLine } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import type { AppSource } from '../destinations/use-destination.ts';
import { ConditionEditor } from './condition-editor.tsx';
import { DeleteFilter } from './delete-filter.tsx';
import { EnabledSwitch, useSwitched } from './enabled-switch.tsx';
import { draftFault, draftOf, type FilterDraft, filterWords, rulesOf, type SavedFilter } from './filter-draft.ts';
import { KindFields } from './kind-fields.tsx';
import { faultOf, isSameCondition } from './rules.ts';
import { useRecentEvents } from './recent-events.ts';
import { Simulation } from './simulation.tsx';
import { useEstimate } from './use-estimate.ts';
import { STALE_WITH_FILTER, useEnableFilter } from './use-filter-changes.ts';
import { judgeAll } from './verdicts.ts';
import { VerdictPane } from './verdict-pane.tsx';
import classes from './filters.module.css';

export type FilterEditorProps = {
  saved: SavedFilter | undefined;
  /** The version of `saved`. */
  etag: string | undefined;
  first: FilterDraft;
  source: AppSource;
  destinationId: string;
  /** Address of the list. */
  base: string;
  onSaved: (id: string) => void;
  onGone: () => void;
};

/** The rule of a filter beside what it does to real events. */
export function FilterEditor({ saved, etag, first, source, destinationId, base, onSaved, onGone }: FilterEditorProps) {
  const now = useMemo(() => (saved === undefined ? first : draftOf(saved)), [saved, first]);
  const edit = useEditing(now, etag);
  const { draft, edited } = edit;
  const [isChecked, setChecked] = useState(saved !== undefined);
  const [isDeleting, setDeleting] = useState(false);
  const title = draft?.title ?? saved?.title ?? '';
  const mayEdit = useMay('destination.edit', source);

  const rules = useMemo(
    () => (draft === undefined ? { if: saved?.if ?? 'all', actions: saved?.actions ?? [] } : rulesOf(draft)),
    [draft, saved],
  );
  const blocked = draft === undefined ? undefined : draftFault(draft);
  const recent = useRecentEvents(source.id);
  const judged = useMemo(
    () => (blocked === undefined ? judgeAll(recent.events, rules, saved?.id ?? 'new') : []),
    [recent.events, rules, blocked, saved],
  );
  const estimate = useEstimate(
    blocked === undefined
      ? { sourceId: source.id, destinationId, filter: rules, ...(saved !== undefined && { filterId: saved.id }) }
      : undefined,
  );

  const changes = changesOf(saved === undefined ? undefined : edit.base, { title, ...rules });
  const isDirty = edited !== undefined && Object.keys(changes).length > 0;
  const { guard, release } = useLeaveGuard(isDirty);
  const create = useChange('createFilterForDestination', {
    stale: STALE_WITH_FILTER,
    onDone: ({ filter }) => {
      release();
      toast(`“${filter.title}” is saved${filter.enabled ? ' and enabled' : ', disabled'}`);
      onSaved(filter.id);
    },
  });
  const update = useChange('updateFilterForDestination', {
    stale: STALE_WITH_FILTER,
    keeps: 'getFilterInDestination',
    onDone: ({ filter }) => {
      edit.sent();
      toast(`“${filter.title}” is saved`);
    },
  });
  const error = create.error ?? update.error;
  const errors = fieldErrors(error);
  const isChanging = useIsChanging(saved?.id);
  const isPending = create.isPending || update.isPending || isChanging;
  const titleFault = isChecked && title.trim() === '' ? 'Name the filter' : errors['title'];
  const set = (members: Partial<FilterDraft>): void => {
    if (draft !== undefined) edit.put({ ...draft, ...members });
  };
  const save = (enabled?: boolean): void => {
    edit.send();
    setChecked(true);
    if (blocked !== undefined || title.trim() === '') return;
    if (saved === undefined) {
      create.mutate({
        path: { destinationId },
        body: { sourceId: source.id, title: title.trim(), enabled: enabled === true, ...rules },
      });
    } else {
      update.mutate({ path: { destinationId, filterId: saved.id }, body: changes, ifMatch: edit.ifMatch });
    }
  };
  const isRead = draft === undefined || faultOf(draft.condition, 'filter') === undefined;

  return (
    <div>
      <Group justify="space-between" mb="md" gap="xs">
        <TextLink to={base} size="sm">
          <Group gap={4} component="span" wrap="nowrap">
            <IconArrowLeft size={14} aria-hidden="true" /> All filters
          </Group>
        </TextLink>
        {saved !== undefined && <SavedState saved={saved} source={source} onDelete={() => setDeleting(true)} />}
      </Group>
      <Overtaken what="filter" edit={edit} canMerge={now !== undefined} onChosen={update.reset} />
      <div className={classes.panes}>
        <Stack gap="md" component="form" onSubmit={(event) => event.preventDefault()} aria-label="Filter">
          <Paper withBorder p="md">
            <Stack gap="lg">
              <TextInput
                label="Name"
                value={title}
                maxLength={FILTER_NAME_CHARS_MAX}
                readOnly={!mayEdit}
                placeholder="No test orders"
                error={titleFault}
                onChange={({ currentTarget }) => set({ title: currentTarget.value })}
              />
              {draft === undefined ? (
                <SeveralActions saved={saved} />
              ) : (
                <>
                  <KindFields draft={draft} onChange={set} events={recent.events} isChecked={isChecked} />
                  <ConditionEditor
                    label={draft.kind === 'only' || draft.kind === 'drop' ? 'Which events' : 'Of which events'}
                    text={draft.condition}
                    onChange={(condition) => set({ condition })}
                    dialect="filter"
                    events={recent.events}
                    error={errors['if']}
                    isChecked={isChecked}
                    empty="Every event."
                  />
                </>
              )}
              {draft !== undefined && isRead && blocked === undefined && (
                <Text size="sm" c="dimmed">
                  In words: {filterWords(rules)}.
                </Text>
              )}
            </Stack>
          </Paper>
          <Simulation estimate={estimate} isBlocked={blocked !== undefined} />
        </Stack>
        <VerdictPane recent={recent} judged={judged} blocked={blocked} />
      </div>
      <div className={classes.bar}>
        <div style={{ flex: 1 }}>
          {error !== null && Object.keys(errors).length === 0 ? (
            <ErrorLine error={error} />
          ) : (
            <Text size="sm" c="dimmed">
              {saved === undefined ? 'A new filter' : isDirty ? 'Changes are not saved' : 'Everything is saved'}
            </Text>
          )}
        </div>
        {saved === undefined ? (
          <>
            <Button variant="default" disabled={!mayEdit} loading={isPending} onClick={() => save(false)}>
              Save as disabled
            </Button>
            <Action right="destination.edit" source={source} loading={isPending} onClick={() => save(true)}>
              Save and enable
            </Action>
          </>
        ) : (
          <>
            <Button
              variant="default"
              disabled={!isDirty}
              onClick={() => {
                edit.discard();
                update.reset();
              }}
            >
              Discard changes
            </Button>
            <Action
              right="destination.edit"
              source={source}
              {...(!saved.enabled && { labels: [] })}
              disabled={!isDirty || edit.isOvertaken}
              loading={isPending}
              onClick={() => save()}
            >
              Save
            </Action>
          </>
        )}
      </div>
      {guard}
      {isDeleting && saved !== undefined && (
        <DeleteFilter
          filter={saved}
          onClose={() => setDeleting(false)}
          onDone={() => {
            release();
            onGone();
          }}
        />
      )}
    </div>
  );
}

/** Only what is different is sent; all of it where nothing was there before. */
function changesOf(
  before: FilterDraft | undefined,
  now: Pick<SavedFilter, 'title' | 'if' | 'actions'>,
): { title?: string; if?: string; actions?: SavedFilter['actions'] } {
  const was = before && { title: before.title, ...rulesOf(before) };
  const isOther = JSON.stringify(was?.actions) !== JSON.stringify(now.actions);
  return {
    ...(was?.title !== now.title.trim() && { title: now.title.trim() }),
    ...((was === undefined || !isSameCondition(was.if, now.if)) && { if: now.if }),
    ...(isOther && { actions: now.actions }),
  };
}

function SavedState({ saved, source, onDelete }: { saved: SavedFilter; source: AppSource; onDelete: () => void }) {
  const switched = useSwitched(Date.parse(saved.updatedAt));
  const enable = useEnableFilter(saved.destinationId, switched);
  const isOn = switched.of(saved.id, saved.enabled);
  const mayEdit = useMay('destination.edit', source);
  return (
    <Group gap="md">
      <Group gap={8}>
        <EnabledSwitch name={saved.title} isOn={isOn} source={source} onChange={(next) => enable(saved, next)} />
        <Text size="sm">{isOn ? 'Enabled' : 'Disabled'}</Text>
      </Group>
      <Button variant="default" size="xs" disabled={!mayEdit} onClick={onDelete}>
        Delete…
      </Button>
    </Group>
  );
}

function SeveralActions({ saved }: { saved: SavedFilter | undefined }) {
  if (saved === undefined) return null;
  return (
    <div>
      <Text size="sm">{filterWords(saved)}.</Text>
      <Text size="xs" c="dimmed" mt={4}>
        It does several things at once, which this page shows and judges, and the API changes.
      </Text>
    </div>
  );
}
