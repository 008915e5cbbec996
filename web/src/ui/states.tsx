import { Anchor, Button, Code, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { ApiError, ApiUnreachable } from '../../../shared/api/api-error.ts';
import { CopyIcon } from './copy.tsx';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';

/** The faces of a page beside its content: waiting, empty, failed. The fourth, "not allowed", is in locked.tsx. */

/** Lines where text will be; `label` says to screen readers what is awaited. */
export function Waiting({ what, lines = 5, height = 44 }: { what: string; lines?: number; height?: number }) {
  return (
    <Stack gap="xs" role="status" aria-label={`Loading ${what}`}>
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} height={height} radius="md" animate />
      ))}
    </Stack>
  );
}

export type EmptyProps = {
  /** A sentence: what is not here. */
  title: string;
  /** What it would do for the reader, or how to get it. */
  children?: ReactNode;
  /** One primary button, and others beside it. */
  action?: ReactNode;
  icon?: ReactNode;
};

/** Nothing here yet: one sentence, and the button that changes it. */
export function Empty({ title, children, action, icon }: EmptyProps) {
  return (
    <Paper withBorder p="xl" data-face="empty">
      <Stack align="center" gap="xs" ta="center" maw={520} mx="auto" py="lg">
        {icon}
        <Title order={2} size="h3">
          {title}
        </Title>
        {children !== undefined && (
          <Text size="sm" c="dimmed" component="div">
            {children}
          </Text>
        )}
        {action !== undefined && (
          <Group mt="sm" justify="center">
            {action}
          </Group>
        )}
      </Stack>
    </Paper>
  );
}

/** What went wrong, in words for people: what failed, why, what to do, the request to name to an operator. */
export function Failed({ what, error, onRetry }: { what: string; error: unknown; onRetry?: () => void }) {
  const { title, detail } = failureText(what, error);
  const requestId = error instanceof ApiError ? error.requestId : undefined;
  return (
    <Paper withBorder p="lg" role="alert" data-face="error">
      <Group align="flex-start" gap="sm" wrap="nowrap">
        <IconAlertTriangle
          size={20}
          color="var(--mantine-color-error)"
          aria-hidden="true"
          style={{ flexShrink: 0, marginTop: 2 }}
        />
        <Stack gap={6} style={{ minWidth: 0 }}>
          <Text fw={600}>{title}</Text>
          <Text size="sm" c="dimmed">
            {detail}
          </Text>
          {requestId !== undefined && (
            <Group gap={4}>
              <Text size="xs" c="dimmed">
                Request <Code>{requestId}</Code>
              </Text>
              <CopyIcon text={requestId} what="request id" />
            </Group>
          )}
          {onRetry !== undefined && !isFinal(error) && (
            <Button
              variant="default"
              size="xs"
              onClick={onRetry}
              leftSection={<IconRefresh size={14} />}
              w="fit-content"
              mt={4}
            >
              Retry
            </Button>
          )}
        </Stack>
      </Group>
    </Paper>
  );
}

/** What is not there, not allowed, or not built, is so at the next try. */
const isFinal = (error: unknown): boolean => error instanceof ApiError && [403, 404, 501].includes(error.status);

/** Title and advice for an error of the API. */
export function failureText(what: string, error: unknown): { title: string; detail: string } {
  const title = `${what} could not be loaded`;
  if (error instanceof ApiUnreachable)
    return { title, detail: 'The API does not answer. Check your connection, then retry.' };
  if (!(error instanceof ApiError)) return { title, detail: error instanceof Error ? error.message : String(error) };
  if (error.status === 404) return { title: `${what} is not here`, detail: 'It was deleted, or you may not see it.' };
  if (error.status === 403) return { title: `You may not see this: ${what}`, detail: error.message };
  if (error.status === 429) return { title, detail: 'Too many requests at once. Wait a moment, then retry.' };
  if (error.status === 501) return { title: `${what} is not built yet`, detail: error.message };
  return { title, detail: error.message };
}

/** Why something was not done, beside the button that tried. */
export function ErrorLine({ error }: { error: Error | null }) {
  if (error === null) return null;
  return (
    <Text size="sm" c="var(--mantine-color-error)" role="alert">
      {error.message}
    </Text>
  );
}

/** A link into the manual, which is served beside the app (build.ts): a page of docs/ by its name. */
export function DocLink({ page, children }: { page: string; children: string }) {
  return (
    <Anchor href={docUrl(page)} target="_blank" rel="noreferrer" inherit underline="always">
      {children}
    </Anchor>
  );
}

export const docUrl = (page: string): string => `/manual/${page}.html`;
