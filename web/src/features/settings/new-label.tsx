import { Autocomplete, Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ENVIRONMENT_KEY } from '../../../../shared/domain/environment.ts';
import { fieldErrors, useChange } from '../../api/calls.ts';
import { ErrorLine } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import type { LabelPair } from './permissions.ts';

/** M07: a letter, then letters, digits and hyphens. */
const FORM = /^[A-Za-z][A-Za-z0-9-]{0,63}$/;
const SAID = 'A letter, then letters, digits and hyphens';
const DESCRIPTION_CHARS_MAX = 1_024;

/** Makes an environment or a label. */
export function NewLabel({
  what,
  known,
  onClose,
}: {
  what: 'environment' | 'label';
  known: readonly LabelPair[];
  onClose: () => void;
}) {
  const [key, setKey] = useState(what === 'environment' ? ENVIRONMENT_KEY : '');
  const [value, setValue] = useState('');
  const [description, setDescription] = useState('');
  const create = useChange('createLabel', {
    stale: ['listLabels', 'listEnvironments'],
    onDone: ({ label }) => {
      toast(
        what === 'environment' ? `The environment ${label.value} is there` : `${label.key}:${label.value} is there`,
      );
      onClose();
    },
  });
  const errors = fieldErrors(create.error);
  const keyError = errors['label.key'] ?? errors['key'] ?? (key !== '' && !FORM.test(key) ? SAID : undefined);
  const valueError = errors['label.value'] ?? errors['value'] ?? (value !== '' && !FORM.test(value) ? SAID : undefined);
  const isWhole = FORM.test(key) && FORM.test(value);
  return (
    <Modal
      opened
      onClose={onClose}
      title={what === 'environment' ? 'Add an environment' : 'Add a label'}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate({
            body: { label: { key, value, ...(description.trim() !== '' && { description: description.trim() }) } },
          });
        }}
      >
        <Stack gap="md">
          <Group grow align="flex-start">
            {what === 'label' && (
              <Autocomplete
                label="Key"
                placeholder="team"
                data={[...new Set(known.map((one) => one.key))].filter((one) => one !== ENVIRONMENT_KEY)}
                value={key}
                onChange={setKey}
                error={keyError}
                data-autofocus
                required
              />
            )}
            <TextInput
              label={what === 'environment' ? 'Name' : 'Value'}
              placeholder={what === 'environment' ? 'staging' : 'checkout'}
              value={value}
              onChange={({ currentTarget }) => setValue(currentTarget.value)}
              error={valueError}
              data-autofocus={what === 'environment' ? true : undefined}
              required
            />
          </Group>
          <TextInput
            label="Description"
            value={description}
            onChange={({ currentTarget }) => setDescription(currentTarget.value)}
            maxLength={DESCRIPTION_CHARS_MAX}
            error={errors['label.description']}
          />
          {Object.keys(errors).length === 0 && <ErrorLine error={create.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending} disabled={!isWhole}>
              {what === 'environment' ? 'Add environment' : 'Add label'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
