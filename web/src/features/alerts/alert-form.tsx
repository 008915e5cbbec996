import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { fieldErrors, type InputOf, useChange } from '../../api/calls.ts';
import { useMe } from '../../api/me.ts';
import { ErrorLine } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { type About, changeOf, type Draft, draftFrom, draftOf, withKind } from './alert-draft.ts';
import { type Alert, alertSentence, KINDS, kindsFor } from './alert-kinds.ts';
import { ChannelsField } from './channels-field.tsx';
import { ConditionFields } from './condition-fields.tsx';
import { useConnections } from './connection-names.ts';

const NAME_CHARS_MAX = 128;

export type AlertFormProps = {
  about: About;
  /** What is changed; nothing for a new one. */
  alert?: Alert | undefined;
  /** What a new one is of at first. */
  kind?: Alert['kind'];
  onClose: () => void;
};

/** Makes an alert or changes one: what is watched, of what, and who is told. Only what differs is sent. */
export function AlertForm({ about, alert, kind, onClose }: AlertFormProps) {
  const email = useMe().data?.user.email ?? '';
  const { nameOf } = useConnections();
  const where =
    about.sourceId === undefined ? (about.destinationId === undefined ? undefined : 'destination') : 'source';
  const kinds = kindsFor(where);
  const [draft, setDraft] = useState<Draft>(() =>
    alert === undefined ? draftOf(kind ?? kinds[0] ?? 'SOURCE_VOLUME', about, email) : draftFrom(alert),
  );
  const done = (words: string) => () => {
    toast(words);
    onClose();
  };
  const create = useChange('createAlert', { stale: ['listAlerts'], onDone: done('Alert created') });
  const update = useChange('updateAlert', { stale: ['listAlerts'], onDone: done('Alert saved') });
  const { error, isPending } = alert === undefined ? create : update;
  const errors = fieldErrors(error);
  const subject = nameOf(draft.sourceId ?? '') ?? nameOf(draft.destinationId ?? '');
  const suggested = `${KINDS[draft.kind].title}${subject === undefined ? '' : `: ${subject}`}`.slice(0, NAME_CHARS_MAX);
  const isLacking =
    (draft.kind === 'SUBSCRIPTION_DELIVERY_RATE' && draft.subscriptionId === undefined) ||
    (where === 'source' && draft.sourceId === undefined && draft.destinationId === undefined) ||
    draft.channels.length === 0;

  const save = (): void => {
    const named = { ...draft, name: draft.name.trim() === '' ? suggested : draft.name.trim() };
    if (alert === undefined) return create.mutate({ body: named });
    const body = changeOf(alert, named) as InputOf<'updateAlert'>['body'];
    if (Object.keys(body ?? {}).length === 0) return onClose();
    update.mutate({ path: { alertId: alert.id }, body });
  };

  return (
    <Modal opened onClose={onClose} title={alert === undefined ? 'New alert' : 'Change alert'} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Stack gap="md">
          <Select
            label="When"
            data={kinds.map((kind) => ({ value: kind, label: KINDS[kind].title }))}
            value={draft.kind}
            disabled={alert !== undefined}
            description={KINDS[draft.kind].about}
            inputWrapperOrder={['label', 'input', 'description']}
            allowDeselect={false}
            onChange={(kind) => {
              const chosen = kinds.find((one) => one === kind);
              if (chosen !== undefined) setDraft(withKind(draft, chosen, about, email));
            }}
          />
          <ConditionFields draft={draft} onChange={setDraft} about={about} errors={errors} />
          <Text size="sm" px="sm" py={8} style={{ background: 'var(--app-hover)', borderRadius: 7 }}>
            <Text span inherit c="dimmed">
              You are told when:{' '}
            </Text>
            {alertSentence(draft)}
            {subject !== undefined && <> · {subject}</>}
          </Text>
          <ChannelsField
            value={draft.channels}
            onChange={(channels) => setDraft({ ...draft, channels })}
            errors={errors}
          />
          <TextInput
            label="Name"
            maxLength={NAME_CHARS_MAX}
            placeholder={suggested}
            value={draft.name}
            error={errors['name']}
            onChange={({ currentTarget }) => setDraft({ ...draft, name: currentTarget.value })}
          />
          <ErrorLine error={error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isPending} disabled={isLacking}>
              {alert === undefined ? 'Create alert' : 'Save'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
