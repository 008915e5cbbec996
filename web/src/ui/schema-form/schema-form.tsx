import { Stack, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import { FieldInput } from './field-input.tsx';
import { type FormField, type FormValues, isShown } from './fields.ts';
import classes from './schema-form.module.css';

export type SchemaFormProps = {
  fields: readonly FormField[];
  values: FormValues;
  onChange: (values: FormValues) => void;
  /** Messages by key of a field: `settingErrors` makes them of the API's. */
  errors?: Readonly<Record<string, string>>;
  /** What stands below the help text of a field: where its value is found. */
  hints?: Readonly<Record<string, ReactNode>>;
  /** Whether the extra fields are shown at first. */
  isOpen?: boolean;
};

/** A form that the catalog describes: what is required first, what is extra behind a heading. */
export function SchemaForm({ fields, values, onChange, errors = {}, hints = {}, isOpen = false }: SchemaFormProps) {
  const shown = fields.filter((field) => isShown(field, values));
  const required = shown.filter((field) => field.required);
  const extra = shown.filter((field) => !field.required);
  const hasError = extra.some(({ key }) => errors[key] !== undefined);
  const [opened, { toggle }] = useDisclosure(isOpen || required.length === 0);
  const isVisible = opened || hasError;
  const id = useId();
  const input = (field: FormField) => (
    <FieldInput
      key={field.key}
      field={field}
      value={values[field.key]}
      onChange={(value) => onChange({ ...values, [field.key]: value })}
      error={errors[field.key]}
      hint={hints[field.key]}
    />
  );
  return (
    <Stack gap="lg">
      {required.map(input)}
      {extra.length > 0 && (
        <div>
          <UnstyledButton
            className={classes.extra}
            onClick={toggle}
            aria-expanded={isVisible}
            aria-controls={id}
            disabled={hasError}
          >
            <IconChevronRight
              size={15}
              aria-hidden="true"
              className={classes.chevron}
              data-open={isVisible || undefined}
            />
            Extra settings
            <Text component="span" size="xs" c="dimmed">
              {extra.length}, all optional
            </Text>
          </UnstyledButton>
          {isVisible && (
            <Stack gap="lg" mt="md" id={id}>
              {extra.map(input)}
            </Stack>
          )}
        </div>
      )}
    </Stack>
  );
}
