import { NumberInput, Radio, Stack, TagsInput } from '@mantine/core';
import { useMemo } from 'react';
import { pathsOf } from './event-paths.ts';
import { type FilterDraft, isKind, KINDS } from './filter-draft.ts';
import { PathInput } from './path-input.tsx';
import type { RecentEvent } from './recent-events.ts';

const OPTIONS_MAX = 60;

/** What the filter does with the events that its condition chooses. */
export function KindFields({
  draft,
  onChange,
  events,
  isChecked,
}: {
  draft: FilterDraft;
  onChange: (members: Partial<FilterDraft>) => void;
  events: readonly RecentEvent[];
  isChecked: boolean;
}) {
  const { kind, fields, percent, samplePath } = draft;
  const deep = useMemo(
    () =>
      pathsOf(
        events.map(({ event }) => event),
        { intoLists: true },
      ),
    [events],
  );
  const offered = deep.map(({ path }) => path).filter((path) => path !== 'type' && path !== 'messageId');
  return (
    <Stack gap="md">
      <Radio.Group
        label="What it does"
        value={kind}
        onChange={(value) => {
          if (isKind(value)) onChange({ kind: value });
        }}
      >
        <Stack gap={7} mt={6}>
          {Object.entries(KINDS).map(([value, label]) => (
            <Radio key={value} value={value} label={label} size="sm" />
          ))}
        </Stack>
      </Radio.Group>
      {(kind === 'drop-fields' || kind === 'allow-fields') && (
        <TagsInput
          label={kind === 'drop-fields' ? 'Fields to remove' : 'Fields to keep'}
          description={
            kind === 'drop-fields'
              ? 'A path through a list means each object in it: properties.products.sku.'
              : 'Of each object that is named here, all other fields are removed; other objects stay whole.'
          }
          value={[...fields]}
          onChange={(next) => onChange({ fields: next })}
          data={offered}
          limit={OPTIONS_MAX}
          splitChars={[',']}
          acceptValueOnBlur
          placeholder={fields.length === 0 ? 'properties.email' : ''}
          error={isChecked && fields.length === 0 ? 'Name at least one field' : undefined}
        />
      )}
      {kind === 'sample' && (
        <>
          <NumberInput
            label="Share that is sent"
            value={Math.round(percent * 10_000) / 100}
            onChange={(value) => onChange({ percent: Number(value) / 100 })}
            min={0}
            max={100}
            decimalScale={2}
            suffix="%"
            w={160}
          />
          <PathInput
            label="Field that decides"
            isLabelShown
            value={samplePath}
            onChange={(path) => onChange({ samplePath: path })}
            paths={deep}
            placeholder="userId: a user is in or out as a whole"
          />
        </>
      )}
    </Stack>
  );
}
