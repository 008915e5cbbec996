import { ActionIcon, Button, Group, SegmentedControl, Select, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { EVENT_TYPES } from '../../../../shared/domain/event.ts';
import type { EventPath } from './event-paths.ts';
import classes from './filters.module.css';
import { PathInput } from './path-input.tsx';
import {
  aRule,
  type Dialect,
  isOperator,
  NUMBERED,
  OPERATORS,
  type Rule,
  ruleFault,
  type Rules,
  VALUELESS,
} from './rules.ts';

/** Rows of one group. */
const RULES_MAX = 20;

const OPERATOR_CHOICES = Object.entries(OPERATORS).map(([value, label]) => ({ value, label }));

export type RuleBuilderProps = {
  rules: Rules;
  onChange: (rules: Rules) => void;
  dialect: Dialect;
  paths: readonly EventPath[];
  /** Values that real events have at a path, offered while one types. */
  valuesOf: (path: string) => readonly string[];
  /** Whether what is missing in a row is said. */
  isChecked: boolean;
  /** What it means that there is no row. */
  empty: string;
};

/** One flat group of conditions, a row each, joined by all or any (B15). */
export function RuleBuilder({ rules: group, onChange, dialect, paths, valuesOf, isChecked, empty }: RuleBuilderProps) {
  const { logic, rules } = group;
  const set = (at: number, rule: Rule): void => onChange({ logic, rules: rules.with(at, rule) });
  return (
    <Stack gap={8} role="group" aria-label="Conditions" className={classes.rules}>
      {rules.length > 1 && (
        <Group gap={8}>
          <SegmentedControl
            size="xs"
            transitionDuration={0}
            aria-label="How conditions are joined"
            value={logic}
            onChange={(value) => onChange({ logic: value === 'any' ? 'any' : 'all', rules })}
            data={[
              { value: 'all', label: 'All' },
              { value: 'any', label: 'Any' },
            ]}
          />
          <Text size="sm" c="dimmed">
            of these hold
          </Text>
        </Group>
      )}
      {rules.length === 0 && (
        <Text size="sm" c="dimmed">
          {empty}
        </Text>
      )}
      {rules.map((rule, at) => (
        <RuleRow
          key={at}
          rule={rule}
          number={at + 1}
          paths={paths}
          values={valuesOf(rule.path)}
          fault={isChecked && !isUntouched(rule) ? ruleFault(rule, dialect) : undefined}
          onChange={(next) => set(at, next)}
          onRemove={() => onChange({ logic, rules: rules.toSpliced(at, 1) })}
        />
      ))}
      <Button
        variant="subtle"
        size="compact-sm"
        w="fit-content"
        leftSection={<IconPlus size={14} aria-hidden="true" />}
        disabled={rules.length >= RULES_MAX}
        onClick={() =>
          onChange({ logic, rules: [...rules, aRule(rules.some(({ path }) => path === 'event') ? '' : 'event')] })
        }
      >
        Add condition
      </Button>
    </Stack>
  );
}

/** A row that was just added: nothing is said of it until something is typed. */
const isUntouched = ({ path, value, values }: Rule): boolean => path === '' && value === '' && values.length === 0;

type RowProps = {
  rule: Rule;
  number: number;
  paths: readonly EventPath[];
  values: readonly string[];
  fault: string | undefined;
  onChange: (rule: Rule) => void;
  onRemove: () => void;
};

function RuleRow({ rule, number, paths, values, fault, onChange, onRemove }: RowProps) {
  const { path, operator, value } = rule;
  const offered = path === 'type' ? EVENT_TYPES : values;
  const isPathAtFault = fault !== undefined && path.trim() === '';
  return (
    <div className={classes.rule}>
      <PathInput
        label={`Field of condition ${number}`}
        value={path}
        onChange={(next) => onChange({ ...rule, path: next })}
        paths={paths}
        error={isPathAtFault ? fault : undefined}
      />
      <Select
        aria-label={`Operator of condition ${number}`}
        value={operator}
        onChange={(next) => {
          if (next !== null && isOperator(next)) onChange(withOperator(rule, next));
        }}
        data={OPERATOR_CHOICES}
        allowDeselect={false}
        maxDropdownHeight={340}
        comboboxProps={{ width: 200, position: 'bottom-start' }}
      />
      <div className={classes.value}>
        {VALUELESS.has(operator) ? null : operator === 'one-of' ? (
          <TagsInput
            aria-label={`Values of condition ${number}`}
            value={[...rule.values]}
            onChange={(next) => onChange({ ...rule, values: next })}
            data={[...offered]}
            splitChars={[]}
            acceptValueOnBlur
            placeholder={rule.values.length === 0 ? 'Type, then Enter' : ''}
            error={isPathAtFault ? undefined : fault}
          />
        ) : (
          <ValueInput
            label={`Value of condition ${number}`}
            value={value}
            isNumber={NUMBERED.has(operator)}
            offered={operator === 'is' || operator === 'is-not' ? offered : []}
            error={isPathAtFault ? undefined : fault}
            onChange={(next) => onChange({ ...rule, value: next })}
          />
        )}
      </div>
      <ActionIcon aria-label={`Remove condition ${number}`} onClick={onRemove} mt={3}>
        <IconX size={15} />
      </ActionIcon>
    </div>
  );
}

/** What was typed stays where it can: one value becomes a list of one, and back. */
const withOperator = (rule: Rule, operator: Rule['operator']): Rule => ({
  ...rule,
  operator,
  value: rule.operator === 'one-of' && operator !== 'one-of' ? (rule.values[0] ?? '') : rule.value,
  values: operator === 'one-of' && rule.values.length === 0 && rule.value !== '' ? [rule.value] : rule.values,
});

function ValueInput({
  label,
  value,
  isNumber,
  offered,
  error,
  onChange,
}: {
  label: string;
  value: string;
  isNumber: boolean;
  offered: readonly string[];
  error: string | undefined;
  onChange: (value: string) => void;
}) {
  if (offered.length > 0) {
    return (
      <PathInput
        label={label}
        value={value}
        onChange={onChange}
        paths={offered.map((one) => ({ steps: [one], path: one, sample: '' }))}
        placeholder="Value"
        error={error}
      />
    );
  }
  return (
    <TextInput
      aria-label={label}
      value={value}
      inputMode={isNumber ? 'decimal' : 'text'}
      placeholder={isNumber ? 'Number' : 'Value'}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      error={error}
      spellCheck={false}
      classNames={{ input: classes.code ?? '' }}
    />
  );
}
