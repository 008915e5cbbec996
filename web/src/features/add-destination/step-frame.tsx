import { Button, Group, Text, Title } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import classes from './add.module.css';

export type StepFrameProps = {
  title: string;
  about?: ReactNode;
  onBack?: (() => void) | undefined;
  /** Beside Back: what may be left as it is. */
  aside?: ReactNode;
  /** The button that leads on. */
  next: ReactNode;
  children: ReactNode;
};

/** One step: what it is about, its content, and the way back and on. */
export function StepFrame({ title, about, onBack, aside, next, children }: StepFrameProps) {
  const head = useRef<HTMLHeadingElement>(null);
  // Whoever does not see the page hears which step has come.
  useEffect(() => head.current?.focus({ preventScroll: true }), []);
  return (
    <section aria-label={title} className={classes.step}>
      <Title order={2} ref={head} tabIndex={-1} className={classes.stepTitle}>
        {title}
      </Title>
      {about !== undefined && (
        <Text size="sm" c="dimmed" mt={2} component="div">
          {about}
        </Text>
      )}
      <div className={classes.stepBody}>{children}</div>
      <Group justify="space-between" className={classes.stepFoot}>
        <Group gap="xs">
          {onBack !== undefined && (
            <Button variant="default" leftSection={<IconArrowLeft size={15} aria-hidden="true" />} onClick={onBack}>
              Back
            </Button>
          )}
          {aside}
        </Group>
        {next}
      </Group>
    </section>
  );
}
