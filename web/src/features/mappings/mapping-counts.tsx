import { Skeleton, Text } from '@mantine/core';
import { useCall } from '../../api/calls.ts';
import { Count, Share } from '../../ui/count.tsx';

/** How often numbers of a row are asked for, in ms. */
const EVERY_MS = 30_000;

/** What a mapping did in the last 24 hours; asked for each row by itself. */
export function useMappingDay(destinationId: string, subscriptionId: string) {
  const asked = useCall(
    'getDestinationDelivery',
    { path: { destinationId }, query: { range: '24h', subscriptionId } },
    { everyMs: EVERY_MS, keep: true },
  );
  const countOf = (step: string): number => asked.data?.steps.find((one) => one.step === step)?.count ?? 0;
  const failed = countOf('FAILED_DELIVERY');
  const sent = failed + countOf('SUCCESSFUL_DELIVERY');
  return { isKnown: asked.data !== undefined, isFailed: asked.isError, sent, failed };
}

type Row = { destinationId: string; id: string };

/** Sends of the last 24 hours. */
export function SentCell({ destinationId, id }: Row) {
  const { isKnown, isFailed, sent } = useMappingDay(destinationId, id);
  if (isFailed) return <Dash />;
  return isKnown ? <Count value={sent} /> : <Skeleton height={12} width={36} ml="auto" />;
}

/** The share of them that failed. */
export function FailedCell({ destinationId, id }: Row) {
  const { isKnown, isFailed, sent, failed } = useMappingDay(destinationId, id);
  if (isFailed || (isKnown && sent === 0)) return <Dash />;
  if (!isKnown) return <Skeleton height={12} width={36} ml="auto" />;
  return <Share value={failed / sent} {...(failed > 0 && { c: 'var(--mantine-color-error)' })} />;
}

const Dash = () => (
  <Text component="span" size="sm" c="dimmed">
    —
  </Text>
);
