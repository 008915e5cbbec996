import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { CatalogDestination } from '../../../../shared/catalog/catalog-entry.ts';
import { callQuery, fieldErrors, forget, useChange, useWorkspaceSlug } from '../../api/calls.ts';
import { mergeEdits } from '../../ui/editing/merge-edits.ts';
import { Overtaken } from '../../ui/editing/overtaken.tsx';
import { isConflict, useBase } from '../../ui/editing/use-base.ts';
import { Action } from '../../ui/locked.tsx';
import { type FormValues, KEPT_SECRET, missingOf, patchOf, settingErrors } from '../../ui/schema-form/fields.ts';
import { SchemaForm } from '../../ui/schema-form/schema-form.tsx';
import { ErrorLine } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { WhereItIs } from '../catalog/credentials-list.tsx';
import { CheckOutcome } from './check-outcome.tsx';
import classes from './destinations.module.css';
import { type AppDestination, type AppSource, STALE_WITH_DESTINATION } from './use-destination.ts';

export type ConnectionFormProps = {
  destination: AppDestination;
  type: CatalogDestination;
  source: AppSource | undefined;
};

/** Name and settings of a destination, and the question to the tool whether it takes its credentials. */
export function ConnectionForm({ destination, type, source }: ConnectionFormProps) {
  const now = { name: destination.name, values: destination.settings as FormValues };
  const [edited, setEdited] = useState<typeof now>();
  // Of a secret only dots are seen: whoever replaces one is told of any newer version.
  const isStrict = edited !== undefined && replacesSecret(type, edited.values);
  const { base, ifMatch, isOvertaken, ...edit } = useBase(now, `"${destination.version}"`, { isStrict });
  const { name, values } = edited ?? base;
  /** What was given to be saved: what is typed meanwhile stays. */
  const sent = useRef<typeof now>(undefined);
  const queries = useQueryClient();
  const workspace = useWorkspaceSlug();
  const set = (members: Partial<typeof now>): void => {
    edit.begin();
    setEdited({ name, values, ...members });
  };
  const discard = (): void => {
    setEdited(undefined);
    edit.end();
    save.reset();
  };
  const check = useChange('checkDestination', { stale: [] });
  const save = useChange('updateAppDestination', {
    stale: STALE_WITH_DESTINATION,
    onFailed: (failure) => {
      if (isConflict(failure)) void forget(queries, workspace, STALE_WITH_DESTINATION);
    },
    onDone: (answer, { path }) => {
      // What is shown next is what was saved, not what was there before.
      queries.setQueryData(callQuery(workspace, 'getAppDestination', { path: path ?? {} }).queryKey, answer);
      setEdited((latest) => (latest === sent.current ? undefined : latest));
      edit.end();
      toast('Settings are saved');
    },
  });
  const patch = patchOf(type.settings, base.values, values);
  const isChanged = Object.keys(patch).length > 0 || name.trim() !== base.name;
  const told = settingErrors(fieldErrors(save.error));
  const nameError = fieldErrors(save.error)['name'];
  const missing = destination.enabled ? missingOf(type.settings, values) : [];
  const errors = { ...Object.fromEntries(missing.map((key) => [key, 'An enabled destination needs this'])), ...told };
  const hints = Object.fromEntries(
    type.credentials
      .filter(({ isField }) => isField !== true)
      .map((one) => [one.key, <WhereItIs key={one.key} credential={one} />]),
  );
  return (
    <form
      className={classes.panel}
      aria-label="Connection"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isChanged || isOvertaken || missing.length > 0) return;
        check.reset();
        sent.current = edited;
        save.mutate({
          path: { destinationId: destination.id },
          ifMatch,
          body: {
            ...(name.trim() !== base.name && { name: name.trim() === '' ? null : name.trim() }),
            ...(Object.keys(patch).length > 0 && { settings: patch }),
          },
        });
      }}
    >
      <Stack gap="lg" className={classes.form ?? ''}>
        {isOvertaken && (
          <Overtaken
            what="destination"
            onMine={() => {
              setEdited(mergeEdits(base, { name, values }, now));
              edit.goOn();
              save.reset();
            }}
            onTheirs={discard}
          />
        )}
        <TextInput
          label="Name"
          description="Of one type each destination of a source has a name of its own"
          value={name}
          onChange={({ currentTarget }) => set({ name: currentTarget.value })}
          error={nameError}
        />
        <SchemaForm
          fields={type.settings}
          values={values}
          onChange={(next) => set({ values: next })}
          errors={errors}
          hints={hints}
          isOpen
        />
        {Object.keys(told).length === 0 && nameError === undefined && <ErrorLine error={save.error} />}
        <ErrorLine error={check.error} />
        {check.data !== undefined && <CheckOutcome check={check.data.check} tool={type.name} />}
        <Group gap="xs">
          <Action
            right="destination.edit"
            source={source}
            type="submit"
            loading={save.isPending}
            disabled={!isChanged || isOvertaken || missing.length > 0}
          >
            Save settings
          </Action>
          {isChanged && (
            <Button variant="subtle" onClick={discard}>
              Discard changes
            </Button>
          )}
          {type.class !== 'none' && (
            <Action
              right="destination.edit"
              variant="default"
              loading={check.isPending}
              disabled={isChanged}
              onClick={() => check.mutate({ path: { destinationId: destination.id } })}
            >
              Check credentials
            </Action>
          )}
        </Group>
        {type.class !== 'none' && isChanged && (
          <Text size="xs" c="dimmed">
            Save first: what is checked is what is saved.
          </Text>
        )}
      </Stack>
    </form>
  );
}

/** Whether a secret has been typed in the place of one that is kept, or of none. */
const replacesSecret = ({ settings }: CatalogDestination, values: FormValues): boolean =>
  settings.some(({ key, secret }) => {
    const value = values[key];
    return secret && value !== undefined && value !== '' && value !== KEPT_SECRET;
  });
