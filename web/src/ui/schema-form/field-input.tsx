import { NumberInput, Select, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { type FormField, isKept, SEARCHED_CHOICES_MIN } from './fields.ts';
import { HelpText } from './help-text.tsx';
import { PairsInput } from './pairs-input.tsx';
import { SecretInput } from './secret-input.tsx';

export type FieldInputProps = {
  field: FormField;
  value: unknown;
  onChange: (value: unknown) => void;
  error?: string | undefined;
  /** Below the help text: where the value is found. */
  hint?: ReactNode;
};

/** The control for one field of the catalog, by its type. */
export function FieldInput({ field, value, onChange, error, hint }: FieldInputProps) {
  const { label, required: isRequired, type, choices, multiple } = field;
  const description =
    field.description === '' && hint === undefined ? undefined : (
      <>
        <HelpText text={field.description} />
        {hint}
      </>
    );
  const shared = { label, description, isRequired, error, value, onChange };
  // `required` of the browser would keep a form from being saved as disabled: the API says what is missing.
  const common = { label, description, error, withAsterisk: isRequired, placeholder: placeholderOf(field) };

  if (multiple) {
    if (field.secret === true && isKept(value)) return <SecretInput {...shared} />;
    return (
      <TagsInput
        {...common}
        placeholder="Type a value, then Enter"
        data={choices?.map((one) => String(one.value)) ?? []}
        value={Array.isArray(value) ? value.map(String) : typeof value === 'string' && value !== '' ? [value] : []}
        onChange={onChange}
        acceptValueOnBlur
        clearable
      />
    );
  }
  if (field.secret === true || type === 'password') {
    return <SecretInput {...shared} placeholder={common.placeholder} />;
  }
  if (choices !== undefined && choices.length > 0) {
    const chosen = choices.findIndex((one) => one.value === value);
    return (
      <Select
        {...common}
        placeholder={common.placeholder ?? 'Choose'}
        data={choices.map((one, index) => ({ value: String(index), label: one.label.replaceAll('\t', ' ') }))}
        value={chosen < 0 ? null : String(chosen)}
        onChange={(index) => onChange(index === null ? undefined : choices[Number(index)]?.value)}
        searchable={choices.length >= SEARCHED_CHOICES_MIN}
        clearable={!isRequired}
        allowDeselect={!isRequired}
      />
    );
  }
  if (type === 'boolean') {
    return (
      <Switch
        label={label}
        description={description}
        error={error}
        checked={value === true}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
    );
  }
  if (type === 'number' || type === 'integer') {
    return (
      <NumberInput
        {...common}
        value={typeof value === 'number' ? value : ''}
        onChange={(given) => onChange(given === '' ? undefined : Number(given))}
        allowDecimal={type === 'number'}
        w={{ base: '100%', xs: 220 }}
      />
    );
  }
  if (type === 'object') return <PairsInput {...shared} />;
  const text = {
    ...common,
    value: typeof value === 'string' || typeof value === 'number' ? String(value) : '',
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) => onChange(currentTarget.value),
    spellCheck: false,
  };
  if (type === 'text') return <Textarea {...text} autosize minRows={3} maxRows={12} />;
  return <TextInput {...text} autoComplete="off" {...(field.format === 'uri' && { inputMode: 'url' as const })} />;
}

const placeholderOf = ({ placeholder, format, default: given }: FormField): string | undefined => {
  if (placeholder !== undefined) return placeholder;
  if (typeof given === 'string' && given !== '') return given;
  return format === 'uri' ? 'https://…' : undefined;
};
