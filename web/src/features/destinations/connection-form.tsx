import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import type { CatalogDestination } from '../../../../shared/catalog/catalog-entry.ts';
import { fieldErrors, useChange } from '../../api/calls.ts';
import { Overtaken } from '../../ui/editing/overtaken.tsx';
import { useEditing } from '../../ui/editing/use-editing.ts';
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
  // Of a secret only dots are seen: whoever replaces one is told of any newer version.
  const edit = useEditing(now, `"${destination.version}"`, ({ values }) => replacesSecret(type, values));
  const { base, draft } = edit;
  const { name, values } = draft;
  const check = useChange('checkDestination', { stale: [] });
  const save = useChange('updateAppDestination', {
    stale: STALE_WITH_DESTINATION,
    keeps: 'getAppDestination',
    onDone: () => {
      edit.sent();
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
        if (!isChanged || edit.isOvertaken || missing.length > 0) return;
        check.reset();
        edit.send();
        save.mutate({
          path: { destinationId: destination.id },
          ifMatch: edit.ifMatch,
          body: {
            ...(name.trim() !== base.name && { name: name.trim() === '' ? null : name.trim() }),
            ...(Object.keys(patch).length > 0 && { settings: patch }),
          },
        });
      }}
    >
      <Stack gap="lg" className={classes.form ?? ''}>
        <Overtaken what="destination" edit={edit} onChosen={save.reset} />
        <TextInput
          label="Name"
          description="Of one type each destination of a source has a name of its own"
          value={name}
          onChange={({ currentTarget }) => edit.put({ ...draft, name: currentTarget.value })}
          error={nameError}
        />
        <SchemaForm
          fields={type.settings}
          values={values}
          onChange={(next) => edit.put({ ...draft, values: next })}
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
            disabled={!isChanged || edit.isOvertaken || missing.length > 0}
          >
            Save settings
          </Action>
          {isChanged && (
            <Button
              variant="subtle"
              onClick={() => {
                edit.discard();
                save.reset();
              }}
            >
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
