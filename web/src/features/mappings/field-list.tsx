import { ActionIcon, Button, Group, Paper, Select, Text, TextInput } from '@mantine/core';
import { IconInfoCircle, IconSearch, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { CatalogAction } from '../../../../shared/catalog/catalog-entry.ts';
import type { DefinitionField } from '../../../../shared/destinations/destination-definition.ts';
import type { Json } from '../../../../shared/domain/json.ts';
import { HelpText } from '../../ui/schema-form/help-text.tsx';
import { type EventPath, sampleText } from '../filters/event-paths.ts';
import { isUnset } from './expression.ts';
import { ExpressionInput } from './expression-input.tsx';
import { KindSelect } from './kind-select.tsx';
import { type Fields, withField } from './mapping-draft.ts';
import classes from './mappings.module.css';

/** Fields from which on one may search. */
const SEARCHED_MIN = 9;
/** Fields that any action has beside its own. */
const COMMON: readonly DefinitionField[] = [
  common('enable_batching', 'Send in batches', 'boolean', 'Several events in one request, where the tool takes that.'),
  common('batch_size', 'Batch size', 'number', 'Events in a batch at most.'),
];

function common(key: string, label: string, type: string, description: string): DefinitionField {
  return { key, label, type, description, required: false, multiple: false };
}

export type FieldListProps = {
  action: CatalogAction;
  fields: Fields;
  onChange: (fields: Fields) => void;
  paths: readonly EventPath[];
  /** What the dry run made of each field. */
  mapped: Readonly<Record<string, unknown>> | undefined;
  errors: Readonly<Record<string, string>>;
  isReadOnly: boolean;
};

/** The fields of an action, a row each: those that are set or required; the others can be added. */
export function FieldList({ action, fields, onChange, paths, mapped, errors, isReadOnly }: FieldListProps) {
  const [query, setQuery] = useState('');
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const known = definitionsOf(action, fields);
  const isShown = ({ key, required }: DefinitionField): boolean =>
    required || opened.has(key) || Object.hasOwn(fields, key) || errors[key] !== undefined;
  const shown = known.filter(isShown).filter(({ key, label }) => found(query, key, label));
  const others = known.filter((field) => !isShown(field));
  return (
    <Paper withBorder component="section" aria-label="Fields" className={classes.pane}>
      <div className={classes.paneHead}>
        <Group gap={8} wrap="nowrap">
          <Text fw={600} size="sm">
            Fields
          </Text>
          <Text size="xs" c="dimmed">
            {known.filter(({ key }) => !isUnset(fields[key])).length} of {known.length} set
          </Text>
        </Group>
        {known.length >= SEARCHED_MIN && (
          <TextInput
            size="xs"
            w={170}
            aria-label="Search fields"
            placeholder="Search fields"
            value={query}
            onChange={({ currentTarget }) => setQuery(currentTarget.value)}
            leftSection={<IconSearch size={13} aria-hidden="true" />}
          />
        )}
      </div>
      <fieldset
        disabled={isReadOnly}
        style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}
        aria-label="Fields of the action"
      >
        {shown.map((field) => (
          <FieldRow
            key={field.key}
            field={field}
            value={fields[field.key]}
            onChange={(value) => onChange(withField(fields, field.key, value))}
            paths={paths}
            result={mapped === undefined ? undefined : { value: mapped[field.key] }}
            error={errors[field.key]}
          />
        ))}
        {shown.length === 0 && (
          <Text size="sm" c="dimmed" className={classes.inside}>
            {query === '' ? 'This action needs no field.' : `No field matches “${query}”.`}
          </Text>
        )}
        {others.length > 0 && (
          <div className={classes.inside}>
            <Select
              aria-label="Add a field"
              placeholder={`Add a field: ${others.length} more`}
              data={others.map(({ key, label }) => ({ value: key, label }))}
              value={null}
              searchable
              maxDropdownHeight={320}
              onChange={(key) => {
                const field = others.find((one) => one.key === key);
                if (field === undefined) return;
                setOpened(new Set([...opened, field.key]));
                onChange(withField(fields, field.key, field.default ?? firstValue(field)));
              }}
            />
          </div>
        )}
      </fieldset>
    </Paper>
  );
}

/** Also fields that the saved mapping has and nobody describes: they are kept and can be seen. */
function definitionsOf(action: CatalogAction, fields: Fields): DefinitionField[] {
  const own = action.fields.filter(({ hidden }) => hidden !== true);
  const keys = new Set(action.fields.map(({ key }) => key));
  const batching = action.batches ? COMMON.filter(({ key }) => !keys.has(key)) : [];
  const described = new Set([...keys, ...batching.map(({ key }) => key)]);
  const rest = Object.keys(fields).filter((key) => !described.has(key));
  return [...own.toSorted((a, b) => Number(b.required) - Number(a.required)), ...batching].concat(
    rest.map((key) => common(key, key, 'string', '')),
  );
}

const found = (query: string, key: string, label: string): boolean =>
  `${key} ${label}`.toLowerCase().includes(query.trim().toLowerCase());

const firstValue = ({ choices, type }: DefinitionField): Json => {
  if (type === 'boolean') return true;
  return (choices?.length ?? 0) > 0 ? '' : { '@path': '' };
};

function FieldRow({
  field,
  value,
  onChange,
  paths,
  result,
  error,
}: {
  field: DefinitionField;
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
  paths: readonly EventPath[];
  /** What the dry run made of it; undefined while nothing is known. */
  result: { value: unknown } | undefined;
  error: string | undefined;
}) {
  const [isAbout, setAbout] = useState(false);
  const { key, label, description, required } = field;
  return (
    <div className={classes.field} role="group" aria-label={label}>
      <div className={classes.fieldHead}>
        <span className={classes.fieldLabel}>
          {label}
          {required && (
            <Text span c="var(--mantine-color-error)" aria-label=" required">
              {' '}
              *
            </Text>
          )}
          {description !== '' && (
            <ActionIcon
              size="xs"
              ml={4}
              aria-label={`About ${label}`}
              aria-expanded={isAbout}
              onClick={() => setAbout(!isAbout)}
              style={{ verticalAlign: '-3px' }}
            >
              <IconInfoCircle size={14} />
            </ActionIcon>
          )}
        </span>
        {value !== undefined && (
          <KindSelect label={`Kind of ${label}`} value={value} field={field} onChange={onChange} />
        )}
        {value !== undefined && !required && (
          <ActionIcon size="sm" aria-label={`Remove ${label}`} onClick={() => onChange(undefined)}>
            <IconX size={14} />
          </ActionIcon>
        )}
      </div>
      {isAbout && (
        <Text size="xs" c="dimmed" mb={6} component="div">
          <HelpText text={description} /> <span className={classes.code}>{key}</span>
        </Text>
      )}
      {value === undefined ? (
        <Button variant="default" size="xs" onClick={() => onChange(field.default ?? firstValue(field))}>
          Set a value
        </Button>
      ) : (
        <ExpressionInput label={label} value={value} onChange={onChange} paths={paths} field={field} error={error} />
      )}
      {value === undefined && error !== undefined && (
        <Text size="xs" c="var(--mantine-color-error)" mt={4}>
          {error}
        </Text>
      )}
      {value !== undefined && error === undefined && result !== undefined && typeof value === 'object' && (
        <div className={classes.result}>
          <span aria-hidden="true">→</span>
          {result.value === undefined ? (
            <span>nothing in this event</span>
          ) : (
            <span className={classes.resultValue} title={resultText(result.value)}>
              {resultText(result.value)}
            </span>
          )}
        </div>
      )}
    </div>
  );
}

const RESULT_CHARS_MAX = 200;
const resultText = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value).slice(0, RESULT_CHARS_MAX) : sampleText(value);
