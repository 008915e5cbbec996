import { NumberInput, Select, TagsInput, Textarea, TextInput } from '@mantine/core';
import type { DefinitionField } from '../../../../shared/destinations/destination-definition.ts';
import type { Json } from '../../../../shared/domain/json.ts';
import { KEPT_SECRET } from '../../ui/schema-form/fields.ts';
import classes from './mappings.module.css';

const TRUTH = [
  { value: 'true', label: 'True' },
  { value: 'false', label: 'False' },
];

/** A fixed value, in the control that suits what the action wants. */
export function LiteralInput({
  label,
  value,
  onChange,
  field,
  error,
}: {
  label: string;
  value: Json;
  onChange: (value: Json) => void;
  field: DefinitionField | undefined;
  error: string | undefined;
}) {
  const common = { 'aria-label': label, error, placeholder: field?.placeholder ?? 'Value' };
  if (Array.isArray(value) || field?.multiple === true) {
    return (
      <TagsInput
        {...common}
        placeholder="Type a value, then Enter"
        value={Array.isArray(value) ? value.map(plain) : value === '' || value === null ? [] : [plain(value)]}
        onChange={(next) => onChange(next)}
        data={field?.choices?.map((one) => String(one.value)) ?? []}
        splitChars={[]}
        acceptValueOnBlur
      />
    );
  }
  if (field?.choices !== undefined && field.choices.length > 0) {
    const { choices } = field;
    const at = choices.findIndex((one) => one.value === value);
    return (
      <Select
        {...common}
        placeholder="Choose"
        data={choices.map((one, index) => ({ value: String(index), label: one.label }))}
        value={at < 0 ? null : String(at)}
        onChange={(index) => onChange(index === null ? '' : (choices[Number(index)]?.value ?? ''))}
        searchable={choices.length > 8}
        allowDeselect={false}
      />
    );
  }
  if (field?.type === 'boolean' || typeof value === 'boolean') {
    return (
      <Select
        {...common}
        placeholder="Choose"
        data={TRUTH}
        value={typeof value === 'boolean' ? String(value) : null}
        onChange={(next) => onChange(next === 'true')}
        allowDeselect={false}
      />
    );
  }
  if (field?.type === 'number' || field?.type === 'integer') {
    return (
      <NumberInput
        {...common}
        placeholder="Number"
        value={typeof value === 'number' ? value : ''}
        onChange={(next) => onChange(next === '' ? '' : Number(next))}
        allowDecimal={field.type === 'number'}
      />
    );
  }
  const text = {
    ...common,
    value: value === null ? '' : plain(value),
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) => onChange(currentTarget.value),
    spellCheck: false,
    classNames: { input: classes.code ?? '' },
    ...(value === KEPT_SECRET && { description: 'Kept, and never shown again. Type to replace it.' }),
    inputWrapperOrder: ['input', 'description', 'error'] as ('input' | 'description' | 'error')[],
  };
  return field?.type === 'text' ? <Textarea {...text} autosize minRows={2} maxRows={8} /> : <TextInput {...text} />;
}

const plain = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
