import { Autocomplete, Group, Text } from '@mantine/core';
import { type EventPath, sampleText } from './event-paths.ts';
import classes from './filters.module.css';

/** Options that are listed at once: the rest is found by typing. */
const LISTED_MAX = 40;

export type PathInputProps = {
  label: string;
  value: string;
  onChange: (path: string) => void;
  paths: readonly EventPath[];
  placeholder?: string;
  error?: string | undefined;
  isLabelShown?: boolean;
};

/** A field of an event by its path: typed, or chosen from those that real events have, each with a value. */
export function PathInput({
  label,
  value,
  onChange,
  paths,
  placeholder = 'properties.total',
  error,
  isLabelShown = false,
}: PathInputProps) {
  const samples = new Map(paths.map((one) => [one.path, one.sample]));
  return (
    <Autocomplete
      {...(isLabelShown ? { label } : { 'aria-label': label })}
      value={value}
      onChange={onChange}
      data={paths.map(({ path }) => path)}
      limit={LISTED_MAX}
      maxDropdownHeight={280}
      placeholder={placeholder}
      error={error}
      spellCheck={false}
      classNames={{ input: classes.code ?? '' }}
      comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
      renderOption={({ option }) => (
        <Group justify="space-between" gap="lg" wrap="nowrap" miw={260} maw={460}>
          <span className={classes.option}>{option.value}</span>
          <Text size="xs" c="dimmed" truncate>
            {sampleText(samples.get(option.value))}
          </Text>
        </Group>
      )}
    />
  );
}
