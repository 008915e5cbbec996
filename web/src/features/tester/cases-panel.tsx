import { ActionIcon, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBookmark, IconCircleCheck, IconPlayerPlay, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { ErrorLine } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { Ago } from '../../ui/time.tsx';
import { type Case, differencesOf, type Expected, readCases, withCase, writeCases } from './cases.ts';
import classes from './tester.module.css';

/** The cases of a destination that this browser keeps. */
export function useCases(destinationId: string) {
  const [cases, set] = useState(() => readCases(localStorage, destinationId));
  const keep = (next: Case[]): boolean => {
    const isKept = writeCases(localStorage, destinationId, next);
    if (isKept) set(next);
    return isKept;
  };
  return { cases, keep };
}

/** A button that keeps the event with what it came to. */
export function SaveCase({
  cases,
  onKeep,
  make,
}: {
  cases: readonly Case[];
  onKeep: (cases: Case[]) => boolean;
  /** The case as it would be kept; undefined before a test was run. */
  make: ((name: string) => Case) | undefined;
}) {
  const [opened, dialog] = useDisclosure(false);
  const [name, setName] = useState('');
  const [fault, setFault] = useState<Error | null>(null);
  const save = () => {
    if (make === undefined) return;
    const kept = withCase(cases, make(name));
    if ('fault' in kept) return setFault(new Error(kept.fault));
    if (!onKeep(kept.cases)) return setFault(new Error('This browser has no room for it.'));
    setName('');
    setFault(null);
    dialog.close();
    toast('Case saved in this browser');
  };
  return (
    <>
      <Button
        variant="default"
        size="xs"
        disabled={make === undefined}
        leftSection={<IconBookmark size={14} aria-hidden="true" />}
        onClick={dialog.open}
      >
        Save as case
      </Button>
      <Modal opened={opened} onClose={dialog.close} title="Save as case">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <Stack gap="sm">
            <Text size="sm" c="dimmed">
              Keeps this event and what it came to in this browser. Run it again after a change: it says what became
              other.
            </Text>
            <TextInput
              label="Name"
              placeholder="Order with a coupon"
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
              maxLength={80}
              data-autofocus
            />
            <ErrorLine error={fault} />
            <Group justify="flex-end">
              <Button variant="default" onClick={dialog.close}>
                Cancel
              </Button>
              <Button type="submit">Save case</Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}

/** Saved cases, each with the way to run it again. */
export function CasesPanel({
  cases,
  onKeep,
  onRun,
  running,
}: {
  cases: readonly Case[];
  onKeep: (cases: Case[]) => boolean;
  onRun: (one: Case) => void;
  running: boolean;
}) {
  if (cases.length === 0) return null;
  return (
    <section aria-label="Saved cases" className={classes['card']}>
      <Text size="sm" fw={600} mb={6}>
        Saved cases
      </Text>
      <ul className={classes['cases']}>
        {cases.map((one) => (
          <li key={one.id}>
            <span className={classes['caseName']} title={one.name}>
              {one.name}
            </span>
            <Ago at={one.savedAt} size="xs" c="dimmed" />
            <Group gap={2} wrap="nowrap">
              <Button
                variant="subtle"
                size="compact-xs"
                disabled={running}
                leftSection={<IconPlayerPlay size={12} aria-hidden="true" />}
                aria-label={`Run ${one.name}`}
                onClick={() => onRun(one)}
              >
                Run
              </Button>
              <ActionIcon
                size="sm"
                aria-label={`Delete case ${one.name}`}
                onClick={() => {
                  onKeep(cases.filter(({ id }) => id !== one.id));
                  toast(`Case “${one.name}” deleted`, { undo: () => onKeep([...cases]) });
                }}
              >
                <IconTrash size={14} />
              </ActionIcon>
            </Group>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Whether a case still comes to what it came to. */
export function CaseVerdict({ one, now }: { one: Case; now: Expected }) {
  const said = differencesOf(one.expected, now);
  return (
    <div className={classes['caseVerdict']} data-same={said.length === 0} role="status">
      {said.length === 0 ? (
        <Group gap={6}>
          <IconCircleCheck size={16} aria-hidden="true" />
          <Text size="sm" fw={600}>
            “{one.name}” comes to the same as when it was saved
          </Text>
        </Group>
      ) : (
        <>
          <Text size="sm" fw={600}>
            “{one.name}” differs from when it was saved
          </Text>
          <ul>
            {said.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
