import { Alert, Stack, Tabs } from '@mantine/core';
import { oneOf, useParam } from '../../ui/search-params.ts';
import { Json } from '../../ui/json/json-view.tsx';
import { Raw } from '../../ui/json/raw.tsx';
import { ChangesView } from './changes-view.tsx';
import { ExchangesView, exchangesOf } from './exchanges-view.tsx';
import { adviceOf, outcomeOf, type Trace } from './outcome.ts';
import { OutcomeLine } from './outcome-line.tsx';
import { TimelineView } from './timeline-view.tsx';
import { TraceActions } from './trace-actions.tsx';
import { TraceHead } from './trace-head.tsx';
import type { Names } from './use-names.ts';
import { useDecidingFilters } from './use-trace.ts';

const TABS = ['timeline', 'changes', 'sent', 'requests', 'raw'] as const;
const tabIn = oneOf(...TABS);

/** All that is known of the way of an event. */
export function TraceView({ trace, names }: { trace: Trace; names: Names }) {
  const [tab = 'timeline', setTab] = useParam('eventTab', tabIn, { replace: true });
  const filters = useDecidingFilters(trace);
  const titles = new Map([...filters].map(([id, { title }]) => [id, title]));
  const outcome = outcomeOf(trace, titles);
  const requests = exchangesOf(trace).length;
  return (
    <Stack gap="md">
      <OutcomeLine outcome={outcome} />
      <TraceHead trace={trace} names={names} />
      <TraceActions trace={trace} />
      {trace.isMasked && (
        <Alert color="gray" title="Values are hidden">
          You may not see personal data, so every value is dots. An owner can give you that right.
        </Alert>
      )}
      <Tabs value={tab} onChange={(next) => setTab(tabIn(next))} keepMounted={false}>
        <Tabs.List mb="md" aria-label="Parts of the trace">
          <Tabs.Tab value="timeline">Timeline</Tabs.Tab>
          <Tabs.Tab value="changes">Changes</Tabs.Tab>
          <Tabs.Tab value="sent">You sent</Tabs.Tab>
          <Tabs.Tab value="requests">Requests{requests > 0 ? ` (${requests})` : ''}</Tabs.Tab>
          <Tabs.Tab value="raw">Raw</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="timeline">
          <TimelineView
            trace={trace}
            names={names}
            filters={filters}
            said={adviceOf(outcome.code)}
            onExchange={() => setTab('requests')}
          />
        </Tabs.Panel>
        <Tabs.Panel value="changes">
          <ChangesView trace={trace} />
        </Tabs.Panel>
        <Tabs.Panel value="sent">
          <Sent trace={trace} />
        </Tabs.Panel>
        <Tabs.Panel value="requests">
          <ExchangesView trace={trace} />
        </Tabs.Panel>
        <Tabs.Panel value="raw">
          <Raw value={trace.payload ?? trace.normalised ?? trace} label="Raw event" />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

/** The payload from wherever it is kept, or why there is none. */
function Sent({ trace }: { trace: Trace }) {
  const event = trace.payload ?? trace.normalised;
  const gaps = trace.gaps.filter(({ what }) => what === 'payload' || what === 'as it was sent');
  return (
    <Stack gap="sm">
      {gaps.map(({ why }) => (
        <Alert key={why} color="gray">
          {why}
        </Alert>
      ))}
      {event !== null && event !== undefined && <Json value={event} label="The event as you sent it" />}
    </Stack>
  );
}
