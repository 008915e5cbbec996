import { NativeSelect } from '@mantine/core';
import type { DefinitionField } from '../../../../shared/destinations/destination-definition.ts';
import type { Json } from '../../../../shared/domain/json.ts';
import { isKind, kindOf, KINDS, withKind } from './expression.ts';
import classes from './mappings.module.css';

/** Chooses how a field gets its value. */
export function KindSelect({
  label,
  value,
  field,
  onChange,
}: {
  label: string;
  value: Json;
  field: DefinitionField | undefined;
  onChange: (value: Json) => void;
}) {
  const kind = kindOf(value);
  return (
    <NativeSelect
      aria-label={label}
      size="xs"
      className={classes.kind}
      value={kind}
      onChange={({ currentTarget }) => {
        if (isKind(currentTarget.value)) onChange(withKind(value, currentTarget.value));
      }}
      data={Object.entries(KINDS)
        .filter(([one]) => one === kind || isOffered(one, field))
        .map(([one, words]) => ({ value: one, label: words }))}
    />
  );
}

/** Objects and lists are offered where the field takes one. */
function isOffered(kind: string, field: DefinitionField | undefined): boolean {
  if (field === undefined) return kind !== 'list' && kind !== 'object';
  const isObject = field.type === 'object';
  if (kind === 'object' || kind === 'flatten') return isObject && !field.multiple;
  if (kind === 'list') return field.multiple || isObject;
  return true;
}
