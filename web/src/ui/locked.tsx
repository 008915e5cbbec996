import { Button, type ButtonProps, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, type ReactNode, Suspense } from 'react';
import type { Right } from '../../../shared/domain/access.ts';
import { isProduction, type Label, type Limited, useMay } from '../api/me.ts';
import { IconLock } from '@tabler/icons-react';
import { Hint } from './hint.tsx';
import type { RequestProps } from './request-access.tsx';

/** Few are told no: the dialog comes when it is asked for. */
const Dialog = lazy(async () => ({ default: (await import('./request-access.tsx')).RequestAccess }));
const RequestAccess = (props: RequestProps): ReactNode => (
  <Suspense fallback={null}>{props.opened && <Dialog {...props} />}</Suspense>
);

export type ActionProps = ButtonProps & {
  right: Right;
  /** The source that the change is about; without one the right is needed somewhere. */
  source?: Limited | undefined;
  /** Labels of what changes: in production the button says so. */
  labels?: readonly Label[] | undefined;
  onClick?: () => void;
  type?: 'button' | 'submit';
  form?: string;
  children: string;
};

/**
 * A button that changes something. Who may not sees it locked, and is told by a click who can grant it (M06). Where real users depend on what changes, its
 * text ends "in Production".
 */
export function Action({ right, source, labels, onClick, children, type = 'button', form, ...button }: ActionProps) {
  const may = useMay(right, source);
  const [asking, dialog] = useDisclosure(false);
  if (may) {
    return (
      <Button {...button} type={type} form={form} onClick={onClick}>
        {isProduction(labels ?? source?.labels) ? `${children} in Production` : children}
      </Button>
    );
  }
  return (
    <>
      <Hint label="You may not do this. See who can grant it">
        <Button
          {...button}
          variant="default"
          type="button"
          disabled={false}
          leftSection={<IconLock size={14} aria-hidden="true" />}
          onClick={dialog.open}
          data-locked="true"
        >
          {children}
        </Button>
      </Hint>
      <RequestAccess right={right} sourceId={source?.id} what={children} opened={asking} onClose={dialog.close} />
    </>
  );
}

/** The face of a page that the viewer may not see: what, who can grant it, and the way to ask. */
export function NotAllowed({ right, sourceId, what }: { right: Right; sourceId?: string; what: string }) {
  const [asking, dialog] = useDisclosure(false);
  return (
    <Paper withBorder p="xl" data-face="locked">
      <Stack align="center" gap="xs" ta="center" py="lg">
        <IconLock size={26} aria-hidden="true" />
        <Title order={2} size="h3">
          You may not see {what}
        </Title>
        <Text size="sm" c="dimmed">
          An owner of this workspace can give you the right.
        </Text>
        <Button mt="sm" onClick={dialog.open}>
          Request access
        </Button>
      </Stack>
      <RequestAccess right={right} sourceId={sourceId} what={what} opened={asking} onClose={dialog.close} />
    </Paper>
  );
}

/** Shows `children` to who has the right, else that they are not allowed. */
export function Can({ right, what, children }: { right: Right; what: string; children: ReactNode }) {
  return useMay(right) ? children : <NotAllowed right={right} what={what} />;
}
