import { Badge, Drawer, Group, Skeleton, Stack } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect } from 'react';
import { ApiError } from '../../../../shared/api/api-error.ts';
import { text, useParam } from '../../ui/search-params.ts';
import { Failed } from '../../ui/states.tsx';
import { headOf, titleOf } from './head.ts';
import { traceSearch } from './trace-link.ts';
import { TraceMissing } from './trace-missing.tsx';
import { TraceView } from './trace-view.tsx';
import { useNames } from './use-names.ts';
import { useTrace } from './use-trace.ts';

const WIDTH_PX = 780;

/** The way of the event that the address names, over any page. */
export function TraceDrawer() {
  const [messageId = ''] = useParam('event', text);
  const [sourceId] = useParam('eventSource', text);
  const [receivedAt] = useParam('eventAt', text);
  const [intakeId] = useParam('eventIntake', text);
  const trace = useTrace({ messageId, sourceId, receivedAt, intakeId });
  const names = useNames();
  const navigate = useNavigate();
  const isPhone = useMediaQuery('(max-width: 48em)') ?? false;
  useFocusBack();
  const close = useCallback(() => {
    void navigate({
      to: '.',
      search: (before: Record<string, unknown>) => ({ ...before, ...traceSearch(undefined) }),
    } as never);
  }, [navigate]);
  const head = headOf(trace.data?.normalised ?? trace.data?.payload);
  const isMissing = trace.error instanceof ApiError && trace.error.status === 404;
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      size={isPhone ? '100%' : WIDTH_PX}
      closeButtonProps={{ 'aria-label': 'Close trace' }}
      title={
        <Group gap={8} wrap="nowrap" style={{ minWidth: 0 }}>
          <span style={{ fontWeight: 650, fontSize: 17, overflowWrap: 'anywhere' }}>
            {trace.data === undefined ? 'Trace of an event' : titleOf(head)}
          </span>
          {head.type !== undefined && (
            <Badge variant="default" tt="none" style={{ flexShrink: 0 }}>
              {head.type}
            </Badge>
          )}
        </Group>
      }
    >
      {trace.isPending && <Ghost />}
      {isMissing && <TraceMissing messageId={messageId} error={trace.error} names={names} />}
      {trace.isError && !isMissing && trace.data === undefined && (
        <Failed what="The trace" error={trace.error} onRetry={() => void trace.refetch()} />
      )}
      {trace.data !== undefined && !isMissing && <TraceView trace={trace.data} names={names} />}
    </Drawer>
  );
}

/** What had the focus before has it again behind the drawer. */
function useFocusBack(): void {
  useEffect(() => {
    const opener = document.activeElement;
    return () => {
      requestAnimationFrame(() => {
        if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
      });
    };
  }, []);
}

function Ghost() {
  return (
    <Stack gap="md" role="status" aria-label="Loading the trace" data-face="loading">
      <Skeleton height={64} radius="lg" />
      <Skeleton height={14} width="40%" />
      <Skeleton height={70} />
      <Skeleton height={34} />
      {[0, 1, 2, 3, 4].map((line) => (
        <Group key={line} wrap="nowrap" gap="sm">
          <Skeleton circle height={22} />
          <Skeleton height={14} width={`${50 - line * 5}%`} />
        </Group>
      ))}
    </Stack>
  );
}
