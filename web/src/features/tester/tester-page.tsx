import { Button, Group, Menu, Select, Skeleton, Stack, Switch, Text } from '@mantine/core';
import { IconChevronDown, IconPlayerPlay, IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import { useChange } from '../../api/calls.ts';
import { JsonEditor } from '../../ui/json-editor.tsx';
import { readJson } from '../../ui/json-text.ts';
import { Action } from '../../ui/locked.tsx';
import { Empty, ErrorLine, Failed } from '../../ui/states.tsx';
import { oneOf, text, useParam } from '../../ui/search-params.ts';
import { type Destination, type Mapping, type Source, useDestination } from '../delivery/use-destination.ts';
import { type Case, expectedOf } from './cases.ts';
import { CasesPanel, CaseVerdict, SaveCase, useCases } from './cases-panel.tsx';
import { TestGhost, TestResult } from './test-result.tsx';
import classes from './tester.module.css';
import { TYPES, useTestedEvent } from './use-tested-event.ts';

/** Takes one event to the destination, outside of the books, and says what became of it at every stage. */
export function TesterPage() {
  const { asked, destination, source, mappings } = useDestination();
  if (asked.isError) return <Failed what="The destination" error={asked.error} onRetry={() => void asked.refetch()} />;
  if (destination === undefined || mappings === undefined) return <Ghost />;
  return <Tester destination={destination} source={source} mappings={mappings} />;
}

function Tester({
  destination,
  source,
  mappings,
}: {
  destination: Destination;
  source: Source | undefined;
  mappings: readonly Mapping[];
}) {
  const [mapping, setMapping] = useParam('mapping', text);
  const [filters, setFilters] = useParam('filters', oneOf('skip'), { replace: true });
  const [mode, setMode] = useParam('run', oneOf('real'), { replace: true });
  const event = useTestedEvent(destination, mapping);
  const { cases, keep } = useCases(destination.id);
  const [ran, setRan] = useState<{ text: string; event: unknown; settings: string; one?: Case }>();
  const test = useChange('testDestination', { stale: [] });

  const applyFilters = filters !== 'skip';
  const dryRun = mode !== 'real';
  const read = readJson(event.value);
  const fault =
    read.isJson && !isObject(read.value) ? 'An event is one JSON object, such as {"type": "track"}.' : undefined;
  const settings = `${mapping ?? ''} ${applyFilters} ${dryRun}`;
  const canRun = read.isJson && fault === undefined && !test.isPending;

  const run = (given: {
    text: string;
    mapping: string | undefined;
    applyFilters: boolean;
    dryRun: boolean;
    one?: Case;
  }) => {
    const parsed = readJson(given.text);
    if (!parsed.isJson || !isObject(parsed.value)) return;
    setRan({
      text: given.text,
      event: parsed.value,
      settings: `${given.mapping ?? ''} ${given.applyFilters} ${given.dryRun}`,
      ...(given.one !== undefined && { one: given.one }),
    });
    test.mutate({
      path: { destinationId: destination.id },
      body: {
        event: parsed.value,
        ...(given.mapping !== undefined && { subscriptionId: given.mapping }),
        applyFilters: given.applyFilters,
        dryRun: given.dryRun,
      },
    });
  };
  const runThis = () => run({ text: event.value, mapping, applyFilters, dryRun });
  const runCase = (one: Case) => {
    event.setText(one.event);
    setMapping(one.mapping);
    setFilters(one.applyFilters ? undefined : 'skip');
    setMode(undefined);
    run({ text: one.event, mapping: one.mapping, applyFilters: one.applyFilters, dryRun: true, one });
  };
  const result = test.data;

  return (
    <div className={classes['halves']}>
      <Stack
        gap="sm"
        className={classes['left']}
        onKeyDownCapture={(key) => {
          if (key.key !== 'Enter' || !(key.ctrlKey || key.metaKey)) return;
          key.preventDefault();
          key.stopPropagation();
          // A real event is sent by its button alone.
          if (canRun && dryRun) runThis();
        }}
      >
        <JsonEditor
          label="Event"
          value={event.value}
          onChange={event.setText}
          error={fault}
          lines={18}
          maxHeight={460}
          tools={<LoadMenu event={event} />}
        />
        {event.said !== undefined && (
          <Text size="xs" c={event.said.isBad ? 'var(--mantine-color-error)' : 'dimmed'} role="status" mt={-8}>
            {event.said.text}
          </Text>
        )}
        <Select
          label="Mapping"
          value={mapping ?? ''}
          data={[
            { value: '', label: 'All that are enabled' },
            ...mappings.map(({ id, name, enabled }) => ({
              value: id,
              label: enabled ? name : `${name} (switched off)`,
            })),
          ]}
          onChange={(value) => setMapping(value === null || value === '' ? undefined : value)}
          allowDeselect={false}
        />
        <Stack gap="xs">
          <Switch
            label="Apply filters"
            description="As an event of the source: consent, schema, filters"
            checked={applyFilters}
            onChange={({ currentTarget }) => setFilters(currentTarget.checked ? undefined : 'skip')}
          />
          <Switch
            label="Dry run"
            description="Nothing leaves; no credentials needed"
            checked={dryRun}
            onChange={({ currentTarget }) => setMode(currentTarget.checked ? undefined : 'real')}
          />
        </Stack>
        <Group gap="xs">
          {dryRun ? (
            <Button
              leftSection={<IconPlayerPlay size={15} aria-hidden="true" />}
              onClick={runThis}
              disabled={!canRun}
              loading={test.isPending}
            >
              Run
            </Button>
          ) : (
            <Action
              right="destination.edit"
              source={source}
              leftSection={<IconSend size={15} aria-hidden="true" />}
              onClick={runThis}
              disabled={!canRun}
              loading={test.isPending}
            >
              Send event
            </Action>
          )}
          <SaveCase
            cases={cases}
            onKeep={keep}
            make={
              result === undefined || ran === undefined
                ? undefined
                : (name) => ({
                    id: crypto.randomUUID(),
                    name,
                    event: ran.text,
                    mapping,
                    applyFilters,
                    savedAt: new Date().toISOString(),
                    expected: expectedOf(result),
                  })
            }
          />
          {dryRun && (
            <Text size="xs" c="dimmed" visibleFrom="sm">
              Ctrl Enter runs it
            </Text>
          )}
        </Group>
        {!dryRun && (
          <Text size="xs" c="dimmed">
            The tool gets this event. It is in no count and no sample, and the audit trail says who sent one.
          </Text>
        )}
        <CasesPanel cases={cases} onKeep={keep} onRun={runCase} running={test.isPending} />
      </Stack>
      <div className={classes['right']}>
        {test.isPending && <TestGhost />}
        {test.isError && !test.isPending && (
          <div className={classes['card']}>
            <Text fw={600} size="sm">
              The test was not run
            </Text>
            <ErrorLine error={test.error} />
          </div>
        )}
        {result !== undefined && ran !== undefined && !test.isPending && (
          <Stack gap="md">
            {ran.one !== undefined && <CaseVerdict one={ran.one} now={expectedOf(result)} />}
            <TestResult test={result} event={ran.event} isOld={ran.text !== event.value || ran.settings !== settings} />
          </Stack>
        )}
        {test.isIdle && (
          <Empty title="Nothing run yet" icon={<IconPlayerPlay size={24} aria-hidden="true" />}>
            Run the event to see what each stage says of it, which mappings want it, and each request that would be
            made.
          </Empty>
        )}
      </div>
    </div>
  );
}

function LoadMenu({ event }: { event: ReturnType<typeof useTestedEvent> }) {
  return (
    <Group gap={6}>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            variant="default"
            size="xs"
            loading={event.isLoading}
            rightSection={<IconChevronDown size={13} aria-hidden="true" />}
          >
            Load
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void event.loadLast()}>Last event of the source</Menu.Item>
          <Menu.Item onClick={() => void event.loadFailed()}>Last event that failed</Menu.Item>
          <Menu.Item onClick={() => void event.loadSample(undefined)}>Sample for the mapping</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Select
        aria-label="Sample of a call"
        size="xs"
        w={130}
        placeholder="Sample call"
        value={null}
        data={TYPES.map((type) => ({ value: type, label: type.charAt(0).toUpperCase() + type.slice(1) }))}
        onChange={(type) => {
          if (type !== null) void event.loadSample(type);
        }}
      />
    </Group>
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function Ghost() {
  return (
    <div className={classes['halves']} role="status" aria-label="Loading the event tester" data-face="loading">
      <Skeleton height={460} radius="lg" />
      <Skeleton height={260} radius="lg" />
    </div>
  );
}
