import { Button, Group, Popover, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCalendar } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { shortTime } from '../../ui/format.ts';
import { fieldMoment, fieldTime, showsUtc } from '../../ui/time-zone.ts';
import { text, useParam } from '../../ui/search-params.ts';
import { type Span, spanFault } from './span.ts';
import { type Range, rangeForAge, rangeIn, rangeText, TimeRange } from '../../ui/time-range.tsx';

const DAY_MS = 86_400_000;
/** A page of a span that ends now asks again so often; of long ones, whose hours hardly change, less often. */
const SHORT_EVERY_MS = 10_000;
const LONG_EVERY_MS = 60_000;

export type Period = {
  /** What an operation's query takes. */
  query: { range: Range } | Span;
  /** In words: "24 hours", "24 Nov, 10:00 – 25 Nov, 10:00". */
  text: string;
  range: Range | undefined;
  /** How often what ends now is asked for again. */
  everyMs: number | undefined;
  setRange: (range: Range) => void;
  setSpan: (span: Span) => void;
};

const timeIn = (value: unknown): string | undefined => {
  const given = text(value);
  return given === undefined || Number.isNaN(Date.parse(given)) ? undefined : new Date(given).toISOString();
};

/** The time that a page shows, in its address; without one, what the age of the thing fills. */
export function usePeriod(createdAt: string | undefined): Period {
  const [chosen] = useParam('range', rangeIn);
  const [from] = useParam('from', timeIn);
  const [to] = useParam('to', timeIn);
  const navigate = useNavigate();
  const set = useCallback(
    (next: { range?: Range; from?: string; to?: string }) => {
      void navigate({
        to: '.',
        search: (before: Record<string, unknown>) => ({
          ...before,
          range: next.range,
          from: next.from,
          to: next.to,
        }),
      } as never);
    },
    [navigate],
  );
  const fallback = rangeForAge(createdAt);
  const [openedMs] = useState(() => Date.now());
  return useMemo(() => {
    const setters = { setRange: (range: Range) => set({ range }), setSpan: (span: Span) => set(span) };
    if (from !== undefined && to !== undefined && spanFault({ from, to }, openedMs) === undefined) {
      const words = `${shortTime(from)} – ${shortTime(to)}`;
      return { query: { from, to }, text: words, range: undefined, everyMs: undefined, ...setters };
    }
    const range = chosen ?? fallback;
    const everyMs = range === '7d' || range === '14d' ? LONG_EVERY_MS : SHORT_EVERY_MS;
    return { query: { range }, text: `last ${rangeText(range)}`, range, everyMs, ...setters };
  }, [chosen, from, to, fallback, openedMs, set]);
}

/** Spans that end now, and one of the reader's own. */
export function PeriodControl({ period }: { period: Period }) {
  const [opened, popover] = useDisclosure(false);
  return (
    <Group gap={6}>
      <TimeRange value={period.range ?? ('' as Range)} onChange={period.setRange} />
      <Popover opened={opened} onChange={popover.toggle} trapFocus withinPortal position="bottom-end" width={300}>
        <Popover.Target>
          <Button
            size="xs"
            variant={period.range === undefined ? 'light' : 'default'}
            leftSection={<IconCalendar size={14} aria-hidden="true" />}
            onClick={popover.toggle}
          >
            {period.range === undefined ? period.text : 'Custom'}
          </Button>
        </Popover.Target>
        <Popover.Dropdown aria-label="Custom time range">
          <SpanForm
            period={period}
            onDone={(span) => {
              period.setSpan(span);
              popover.close();
            }}
          />
        </Popover.Dropdown>
      </Popover>
    </Group>
  );
}

/** Whoever types a time is told where it is not the device's. */
const zoneMark = showsUtc ? ' (UTC)' : '';

function SpanForm({ period, onDone }: { period: Period; onDone: (span: Span) => void }) {
  const given = 'from' in period.query ? period.query : undefined;
  const [from, setFrom] = useState(() => fieldTime(given === undefined ? Date.now() - DAY_MS : Date.parse(given.from)));
  const [to, setTo] = useState(() => fieldTime(given === undefined ? Date.now() : Date.parse(given.to)));
  const [fault, setFault] = useState<string>();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const span = { from: fieldMoment(from), to: fieldMoment(to) };
        const found = spanFault(span, Date.now());
        setFault(found);
        if (found === undefined) onDone(span);
      }}
    >
      <Stack gap="xs">
        <TextInput
          type="datetime-local"
          label={`From${zoneMark}`}
          value={from}
          onChange={({ currentTarget }) => setFrom(currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          label={`To${zoneMark}`}
          value={to}
          onChange={({ currentTarget }) => setTo(currentTarget.value)}
          error={fault}
        />
        <Text size="xs" c="dimmed">
          In your time zone, 14 days at most
        </Text>
        <Button type="submit" size="xs">
          Show this range
        </Button>
      </Stack>
    </form>
  );
}
