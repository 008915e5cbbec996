import { Button, Group, Input, PasswordInput, Text } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { isKept, KEPT_SECRET } from './fields.ts';
import classes from './schema-form.module.css';

export type SecretInputProps = {
  label: string;
  description?: ReactNode;
  isRequired: boolean;
  error?: string | undefined;
  placeholder?: string | undefined;
  value: unknown;
  onChange: (value: unknown) => void;
};

/** A secret: typed once, never shown again. One that is kept stays until it is replaced, and replacing can be taken back. */
export function SecretInput({ label, description, isRequired, error, placeholder, value, onChange }: SecretInputProps) {
  const [isReplacing, setReplacing] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (isReplacing) input.current?.focus();
  }, [isReplacing]);
  if (isKept(value)) {
    return (
      <Input.Wrapper label={label} description={description} required={isRequired} error={error}>
        <div className={classes.kept}>
          <IconLock size={15} aria-hidden="true" />
          <Text size="sm" component="span" className={classes.dots}>
            {KEPT_SECRET}
          </Text>
          <Text size="xs" c="dimmed" component="span" visibleFrom="xs">
            Saved, encrypted, never shown again
          </Text>
          <Button
            variant="default"
            size="compact-xs"
            ml="auto"
            aria-label={`Replace ${label}`}
            onClick={() => {
              setReplacing(true);
              onChange('');
            }}
          >
            Replace
          </Button>
        </div>
      </Input.Wrapper>
    );
  }
  return (
    <div>
      <PasswordInput
        ref={input}
        label={label}
        description={description}
        required={isRequired}
        withAsterisk={isRequired}
        error={error}
        placeholder={placeholder}
        value={typeof value === 'string' ? value : ''}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': `Show ${label}` }}
        spellCheck={false}
      />
      {isReplacing && (
        <Group justify="flex-end" mt={4}>
          <Button
            variant="subtle"
            size="compact-xs"
            onClick={() => {
              setReplacing(false);
              onChange(KEPT_SECRET);
            }}
          >
            Keep the saved one
          </Button>
        </Group>
      )}
    </div>
  );
}
