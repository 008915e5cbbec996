import { Group, NumberInput, Select, type SelectProps } from '@mantine/core';
import type { FC } from 'react';
import { useCall } from '../../api/calls.ts';
import { AUDIT_TYPES, type ConditionField, KINDS } from './alert-kinds.ts';
import type { About, Draft } from './alert-draft.ts';
import { useConnections } from './connection-names.ts';

const ALL = '';
const VOLUME_PERCENT_MAX = 1_000;
const MINUTES = [5, 10, 30, 60, 180, 360, 720, 1_440];
const SECONDS = [300, 900, 1_800, 3_600, 21_600, 86_400];
const MINUTE_WORDS: Readonly<Record<number, string>> = {
  60: '1 hour',
  180: '3 hours',
  360: '6 hours',
  720: '12 hours',
  1_440: '24 hours',
};
const SECOND_WORDS: Readonly<Record<number, string>> = {
  300: '5 minutes',
  900: '15 minutes',
  1_800: '30 minutes',
  3_600: '1 hour',
  21_600: '6 hours',
  86_400: '24 hours',
};

type FieldProps = {
  draft: Draft;
  onChange: (draft: Draft) => void;
  /** What the panel is of: not asked for. */
  about: About;
  errors: Readonly<Record<string, string>>;
};

/** What the kind of a draft asks for, beside each other where there is room. */
export function ConditionFields(props: FieldProps) {
  const fields = KINDS[props.draft.kind].fields;
  return (
    <Group gap="sm" align="flex-start" grow preventGrowOverflow={false}>
      {fields.map((field) => (
        <ConditionInput key={field} field={field} {...props} />
      ))}
    </Group>
  );
}

type InputProps = FieldProps & {
  error: string | undefined;
  set: (change: Partial<Draft>) => void;
};

function ConditionInput({ field, ...props }: FieldProps & { field: ConditionField }) {
  const Input = INPUTS[field];
  const { draft, onChange, errors } = props;
  return <Input {...props} error={errors[field]} set={(change) => onChange(without({ ...draft, ...change }))} />;
}

const numberOf = (value: string | number): number | undefined => (value === '' ? undefined : Number(value));

function SourceInput({ draft, about, error, set }: InputProps) {
  const { sources } = useConnections();
  if (about.sourceId !== undefined || about.destinationId !== undefined) return null;
  return (
    <Pick
      label="Source"
      error={error}
      searchable
      data={[{ value: ALL, label: 'All sources' }, ...sources.map(({ id, name }) => ({ value: id, label: name }))]}
      value={draft.sourceId ?? ALL}
      onPick={(id) => set({ sourceId: id === ALL ? undefined : id })}
    />
  );
}

function DestinationInput({ draft, about, error, set }: InputProps) {
  const { destinations } = useConnections();
  if (about.destinationId !== undefined) return null;
  if (draft.kind === 'EVENT' && about.sourceId !== undefined) return null;
  const offered = destinations.filter(({ sourceId }) => about.sourceId === undefined || sourceId === about.sourceId);
  // About one source an alert is told which of its destinations: without one it would be about all of the workspace's.
  const mustChoose = about.sourceId !== undefined || draft.kind === 'SUBSCRIPTION_DELIVERY_RATE';
  return (
    <Pick
      label="Destination"
      error={error}
      searchable
      placeholder={offered.length === 0 ? 'This source has none yet' : 'Choose one'}
      data={[
        ...(mustChoose ? [] : [{ value: ALL, label: 'All destinations' }]),
        ...offered.map(({ id, name }) => ({ value: id, label: name })),
      ]}
      value={draft.destinationId ?? (mustChoose ? null : ALL)}
      onPick={(id) => set({ destinationId: id === ALL ? undefined : id, subscriptionId: undefined })}
    />
  );
}

function MappingInput({ draft, error, set }: InputProps) {
  const destinationId = draft.destinationId ?? '';
  const mappings = useCall(
    'listSubscriptionsFromDestination',
    { path: { destinationId } },
    { enabled: destinationId !== '' },
  );
  return (
    <Pick
      label="Mapping"
      error={error}
      placeholder={destinationId === '' ? 'Choose a destination first' : 'Choose one'}
      disabled={destinationId === ''}
      data={(mappings.data?.subscriptions ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      value={draft.subscriptionId ?? null}
      onPick={(subscriptionId) => set({ subscriptionId })}
    />
  );
}

function PercentInput({ draft, error, set }: InputProps) {
  const isVolume = draft.kind === 'SOURCE_VOLUME';
  return (
    <NumberInput
      label={isVolume ? 'Change of more than' : 'Delivered less than'}
      suffix="%"
      min={0}
      max={isVolume ? VOLUME_PERCENT_MAX : 100}
      value={draft.percent ?? ''}
      error={error}
      onChange={(value) => set({ percent: numberOf(value) })}
    />
  );
}

function CountInput({ draft, error, set }: InputProps) {
  return (
    <NumberInput
      label={COUNT_LABELS[draft.kind] ?? 'At least'}
      min={1}
      thousandSeparator=","
      allowDecimal={false}
      value={draft.count ?? ''}
      error={error}
      onChange={(value) => set({ count: numberOf(value) })}
    />
  );
}

function MinutesInput({ draft, error, set }: InputProps) {
  return (
    <Pick
      label="Within"
      error={error}
      data={MINUTES.map((value) => ({ value: String(value), label: MINUTE_WORDS[value] ?? `${value} minutes` }))}
      value={String(draft.minutes ?? 60)}
      onPick={(value) => set({ minutes: Number(value) })}
    />
  );
}

function SecondsInput({ draft, error, set }: InputProps) {
  return (
    <Pick
      label="Longer than"
      error={error}
      data={SECONDS.map((value) => ({ value: String(value), label: SECOND_WORDS[value] ?? `${value} s` }))}
      value={String(draft.seconds ?? 900)}
      onPick={(value) => set({ seconds: Number(value) })}
    />
  );
}

function MeasureInput({ draft, error, set }: InputProps) {
  return (
    <Pick
      label="Of this month"
      error={error}
      data={[
        { value: 'API_CALLS', label: 'API calls' },
        { value: 'MTU', label: 'Tracked users' },
      ]}
      value={draft.measure ?? 'API_CALLS'}
      onPick={(value) => set({ measure: value === 'MTU' ? 'MTU' : 'API_CALLS' })}
    />
  );
}

function EventInput({ draft, error, set }: InputProps) {
  return (
    <Pick
      label="Entry of the audit trail"
      error={error}
      searchable
      data={[...AUDIT_TYPES]}
      value={draft.event ?? null}
      onPick={(event) => set({ event })}
    />
  );
}

const INPUTS: Readonly<Record<ConditionField, FC<InputProps>>> = {
  sourceId: SourceInput,
  destinationId: DestinationInput,
  subscriptionId: MappingInput,
  percent: PercentInput,
  count: CountInput,
  minutes: MinutesInput,
  seconds: SecondsInput,
  measure: MeasureInput,
  event: EventInput,
};

const COUNT_LABELS: Readonly<Record<string, string>> = {
  DELIVERY_RATE: 'Once there are tries',
  SUBSCRIPTION_DELIVERY_RATE: 'Once there are sends',
  DEAD_LETTERS: 'Events or more',
  USAGE: 'Reach',
};

function Pick({ onPick, ...select }: Omit<SelectProps, 'onChange'> & { onPick: (value: string) => void }) {
  return <Select {...select} allowDeselect={false} onChange={(value) => onPick(value ?? ALL)} />;
}

/** Without members that are undefined: what is not there is not sent. */
const without = (draft: Draft): Draft =>
  Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined)) as Draft;
