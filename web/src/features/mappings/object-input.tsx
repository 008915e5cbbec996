import { ActionIcon, Button, Text, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { DefinitionField } from '../../../../shared/destinations/destination-definition.ts';
import type { Json } from '../../../../shared/domain/json.ts';
import type { EventPath } from '../filters/event-paths.ts';
import type { ExpressionInputProps } from './expression-props.ts';
import { KindSelect } from './kind-select.tsx';
import classes from './mappings.module.css';

type Members = Readonly<Record<string, Json>>;

export type ObjectInputProps = {
  label: string;
  value: Members;
  onChange: (value: Record<string, Json>) => void;
  paths: readonly EventPath[];
  /** Members that the action knows. */
  fields: readonly DefinitionField[];
  /** Draws the controls of a member. */
  renderMember: (member: ExpressionInputProps) => ReactNode;
  error?: string | undefined;
};

/** An object member by member: those that the action knows by their names, and any others. */
export function ObjectInput({ label, value, onChange, paths, fields, renderMember, error }: ObjectInputProps) {
  const [added, setAdded] = useState('');
  const entries = Object.entries(value);
  const missing = fields.filter(({ key }) => !Object.hasOwn(value, key));
  const set = (at: number, entry: readonly [string, Json]): void =>
    onChange(Object.fromEntries(entries.with(at, [entry[0], entry[1]])));
  const add = (key: string): void => {
    const name = key.trim();
    if (name === '' || Object.hasOwn(value, name)) return;
    onChange({ ...value, [name]: { '@path': '' } });
    setAdded('');
  };
  return (
    <div className={classes.nested} role="group" aria-label={label}>
      {entries.length === 0 && (
        <Text size="xs" c="dimmed">
          An empty object.
        </Text>
      )}
      {entries.map(([key, inner], at) => {
        const field = fields.find((one) => one.key === key);
        const name = field?.label ?? key;
        return (
          <div key={key}>
            <div className={classes.fieldHead} style={{ minHeight: 24, marginBottom: 3 }}>
              <Text size="xs" fw={550} style={{ flex: 1, overflowWrap: 'anywhere' }}>
                {name}
              </Text>
              <KindSelect
                label={`Kind of ${label}: ${name}`}
                value={inner}
                field={field}
                onChange={(next) => set(at, [key, next])}
              />
              <ActionIcon
                size="sm"
                aria-label={`Remove ${name} of ${label}`}
                onClick={() => onChange(Object.fromEntries(entries.toSpliced(at, 1)))}
              >
                <IconX size={14} />
              </ActionIcon>
            </div>
            {renderMember({
              label: `${label}: ${name}`,
              value: inner,
              onChange: (next) => set(at, [key, next]),
              paths,
              field,
            })}
          </div>
        );
      })}
      {missing.length > 0 && (
        <div>
          {missing.slice(0, 12).map(({ key, label: words }) => (
            <Button
              key={key}
              variant="subtle"
              size="compact-xs"
              leftSection={<IconPlus size={12} />}
              onClick={() => add(key)}
            >
              {words}
            </Button>
          ))}
        </div>
      )}
      <form
        className={classes.two}
        style={{ gridTemplateColumns: 'minmax(0, 1fr) auto' }}
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          add(added);
        }}
      >
        <TextInput
          size="xs"
          aria-label={`New key of ${label}`}
          placeholder="Key"
          value={added}
          onChange={({ currentTarget }) => setAdded(currentTarget.value)}
          error={error}
          spellCheck={false}
        />
        <Button type="submit" variant="default" size="xs" disabled={added.trim() === ''}>
          Add
        </Button>
      </form>
    </div>
  );
}
