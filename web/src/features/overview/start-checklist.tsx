import { Button, CloseButton, Group, Text, Title } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useWorkspaceSlug } from '../../api/calls.ts';
import type { Right } from '../../../../shared/domain/access.ts';
import { AppLink, TextLink } from '../../ui/link.tsx';
import { Action } from '../../ui/locked.tsx';
import { counted } from '../../ui/format.ts';
import type { Step, StepId } from './checklist.ts';
import classes from './start-checklist.module.css';

const RIGHTS: Partial<Record<StepId, Right>> = { source: 'source.create', destination: 'destination.create' };

/** The way to the first delivered event; ticks turn as things happen. */
export function StartChecklist({
  steps,
  demo,
  onDismiss,
}: {
  steps: readonly Step[];
  /** The slug of the demo, where there is one beside this workspace. */
  demo: string | undefined;
  onDismiss: () => void;
}) {
  const left = steps.filter(({ isDone }) => !isDone).length;
  const next = steps.find(({ isDone }) => !isDone);
  return (
    <section className={classes['check']} aria-label="Getting started">
      <div className={classes['checkHead']}>
        <div>
          <Title order={2}>{left === 0 ? 'Events flow' : 'From nothing to a delivered event'}</Title>
          <Text size="sm" c="dimmed" role="status">
            {left === 0
              ? 'Your first event went all the way. Everything that comes next shows below.'
              : `${counted(left, 'step')} to go. Each turns green by itself.`}
          </Text>
        </div>
        <Group gap="sm" wrap="nowrap">
          {demo !== undefined && left > 0 && <TextLink to={`/${demo}/overview`}>Look at the demo</TextLink>}
          {left === 0 ? (
            <Button size="xs" variant="default" onClick={onDismiss}>
              Hide
            </Button>
          ) : (
            <CloseButton size="sm" aria-label="Hide getting started" onClick={onDismiss} />
          )}
        </Group>
      </div>
      <ol className={classes['steps']}>
        {steps.map((step, index) => (
          <li
            key={step.id}
            className={classes['step']}
            data-done={step.isDone}
            data-next={step === next}
            aria-current={step === next ? 'step' : undefined}
          >
            <Group gap={8} wrap="nowrap">
              <span className={classes['stepMark']}>
                {step.isDone ? <IconCheck size={14} role="img" aria-label="Done" /> : index + 1}
              </span>
              <Text size="sm" fw={600}>
                {step.title}
              </Text>
            </Group>
            <Text size="sm" c="dimmed" mt={6}>
              {step.about}
            </Text>
            {!step.isDone && step.to !== undefined && (
              <div className={classes['stepFoot']}>
                <StepButton step={step} path={step.to} isNext={step === next} />
                {step.shortcut !== undefined && <Shortcut {...step.shortcut} />}
              </div>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

function StepButton({ step, path, isNext }: { step: Step; path: string; isNext: boolean }) {
  const slug = useWorkspaceSlug() ?? '';
  const navigate = useNavigate();
  const right = RIGHTS[step.id];
  const to = `/${slug}${path}`;
  const look = { size: 'xs', variant: isNext ? 'filled' : 'default' } as const;
  if (right !== undefined)
    return (
      <Action {...look} right={right} onClick={() => void navigate({ to })}>
        {step.button}
      </Action>
    );
  return (
    <Button {...look} renderRoot={(props: object) => <AppLink to={to} {...props} />}>
      {step.button}
    </Button>
  );
}

function Shortcut({ button, to, search }: NonNullable<Step['shortcut']>) {
  const slug = useWorkspaceSlug() ?? '';
  const navigate = useNavigate();
  return (
    <Action
      size="xs"
      variant="subtle"
      right="destination.create"
      onClick={() => void navigate({ to: `/${slug}${to}`, search } as never)}
    >
      {button}
    </Action>
  );
}
