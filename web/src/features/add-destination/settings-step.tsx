import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { fieldErrors, useChange, useWorkspaceSlug } from '../../api/calls.ts';
import { missingOf, settingErrors } from '../../ui/schema-form/fields.ts';
import { SchemaForm } from '../../ui/schema-form/schema-form.tsx';
import { Action } from '../../ui/locked.tsx';
import { ErrorLine } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { CheckOutcome } from '../destinations/check-outcome.tsx';
import { useCatalog } from '../catalog/catalog.ts';
import { WhereItIs } from '../catalog/credentials-list.tsx';
import { useConnected } from '../catalog/use-connected.ts';
import { useSave } from './save-settings.ts';
import { StepFrame } from './step-frame.tsx';
import type { Adding } from './use-adding.ts';

/** Step 4: what is required, what is extra; asked of the tool itself before anything is sent. */
export function SettingsStep(adding: Adding) {
  const { type, go, values, setValues, destination } = adding;
  const workspace = useWorkspaceSlug() ?? '';
  const navigate = useNavigate();
  const save = useSave(adding);
  const check = useChange('checkDestination', { stale: [] });
  const [isTried, setTried] = useState(false);
  const missing = missingOf(type.settings, values);
  const told = settingErrors(fieldErrors(save.error));
  const errors = {
    ...(isTried && Object.fromEntries(missing.map((key) => [key, 'This is required']))),
    ...told,
  };
  const nameError = fieldErrors(save.error)['name'];
  const right = 'destination.create' as const;

  const saveThen = (then: (id: string) => void, needsAll: boolean): void => {
    setTried(needsAll);
    check.reset();
    if (needsAll && missing.length > 0) {
      document.querySelector<HTMLElement>('[data-step-form]')?.scrollIntoView({ block: 'start' });
      return;
    }
    save.mutate({}, { onSuccess: ({ id }) => then(id) });
  };
  const leave = (id: string): void => {
    toast(`${type.name} is saved, disabled. Its draft waits here.`);
    void navigate({ to: `/${workspace}/destinations/${id}/settings` });
  };
  const hints = Object.fromEntries(
    type.credentials
      .filter(({ isField }) => isField !== true)
      .map((one) => [one.key, <WhereItIs key={one.key} credential={one} />]),
  );
  return (
    <StepFrame
      title={`Settings of ${type.name}`}
      about="Secrets are encrypted when they are saved, and never shown again."
      onBack={() => go('confirm')}
      aside={
        <Action right={right} variant="subtle" loading={save.isPending} onClick={() => saveThen(leave, false)}>
          Save as disabled
        </Action>
      }
      next={
        <Action right={right} loading={save.isPending} onClick={() => saveThen(() => go('mappings'), true)}>
          Save and continue
        </Action>
      }
    >
      <Stack gap="lg" data-step-form="true" maw={620}>
        <CopyFrom adding={adding} onChosen={(copyFrom) => save.mutate({ copyFrom })} isPending={save.isPending} />
        {type.settings.length === 0 ? (
          <Text size="sm" c="dimmed">
            {type.name} has no settings. What it needs stands in its mappings, in the next step.
          </Text>
        ) : (
          <SchemaForm fields={type.settings} values={values} onChange={setValues} errors={errors} hints={hints} />
        )}
        {nameError !== undefined && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {nameError} Go back to change the name.
          </Text>
        )}
        {Object.keys(told).length === 0 && nameError === undefined && <ErrorLine error={save.error} />}
        {type.class !== 'none' && (
          <Group>
            <Action
              right={right}
              variant="default"
              loading={check.isPending || save.isPending}
              onClick={() => saveThen((id) => check.mutate({ path: { destinationId: id } }), true)}
            >
              Check credentials
            </Action>
            <Text size="sm" c="dimmed">
              Asks {type.name} itself. No event is sent.
            </Text>
          </Group>
        )}
        <ErrorLine error={check.error} />
        {check.data !== undefined && <CheckOutcome check={check.data.check} tool={type.name} />}
        {destination !== undefined && (
          <Text size="xs" c="dimmed">
            Saved as “{destination.name}”, disabled: nothing is sent.
          </Text>
        )}
      </Stack>
    </StepFrame>
  );
}

type CopyFromProps = { adding: Adding; onChosen: (id: string) => void; isPending: boolean };

/** Settings of another instance, secrets included (B24). */
function CopyFrom({ adding: { type, destination }, onChosen, isPending }: CopyFromProps) {
  const catalog = useCatalog();
  const connected = useConnected(catalog.data);
  const [chosen, setChosen] = useState<string | null>(null);
  const others = connected.destinations.filter(({ id, slug }) => slug === type.slug && id !== destination?.id);
  if (others.length === 0 || type.settings.length === 0) return null;
  return (
    <Group align="flex-end" gap="xs">
      <Select
        label={`Copy from another ${type.name}`}
        description="All of its settings, secrets included"
        placeholder="Choose one"
        clearable
        value={chosen}
        onChange={setChosen}
        data={others.map(({ id, name, sourceName }) => ({ value: id, label: `${name} of ${sourceName ?? ''}` }))}
        style={{ flex: 1 }}
      />
      <Button
        variant="default"
        disabled={chosen === null}
        loading={isPending}
        onClick={() => chosen !== null && onChosen(chosen)}
      >
        Copy settings
      </Button>
    </Group>
  );
}
