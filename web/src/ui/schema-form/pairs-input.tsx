import { ActionIcon, Button, Group, Input, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { isSame } from '../editing/merge-edits.ts';

/** Pairs of a setting that is an object. */
const PAIRS_MAX = 200;

type Pair = { id: number; key: string; value: string };

export type PairsInputProps = {
  label: string;
  description?: ReactNode;
  isRequired: boolean;
  error?: string | undefined;
  value: unknown;
  onChange: (value: unknown) => void;
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const pairsOf = (value: unknown): Pair[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).map(([key, one], id) => ({ id, key, value: textOf(one) }))
    : [];

/** A text as it is, unless it is JSON of something else than a text: numbers and objects of a setting stay what they were. */
function valueOf(text: string): unknown {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null ? read : text;
  } catch {
    return text;
  }
}

const objectOf = (pairs: readonly Pair[]): Record<string, unknown> | undefined => {
  const named = pairs.filter(({ key }) => key.trim() !== '');
  if (named.length === 0) return undefined;
  return Object.fromEntries(named.map(({ key, value }) => [key.trim(), valueOf(value)]));
};

/** A setting that is an object: names and their values, a row each. */
export function PairsInput({ label, description, isRequired, error, value, onChange }: PairsInputProps) {
  const [pairs, setPairs] = useState<readonly Pair[]>(() => pairsOf(value));
  /** What the rows stand for. */
  const [told, setTold] = useState(value);
  // Another value came from outside: discarded, saved by another, taken over.
  if (!isSame(value, told)) {
    setTold(value);
    setPairs(pairsOf(value));
  }
  const change = (next: readonly Pair[]): void => {
    const object = objectOf(next);
    setPairs(next);
    setTold(object);
    onChange(object);
  };
  const set = (id: number, member: Partial<Pair>): void =>
    change(pairs.map((pair) => (pair.id === id ? { ...pair, ...member } : pair)));
  return (
    <Input.Wrapper label={label} description={description} required={isRequired} error={error} labelElement="div">
      <Stack gap={6} mt={6} role="group" aria-label={label}>
        {pairs.map(({ id, key, value: text }, index) => (
          <Group key={id} gap={6} wrap="nowrap">
            <TextInput
              aria-label={`${label}: name ${index + 1}`}
              placeholder="Name"
              value={key}
              onChange={({ currentTarget }) => set(id, { key: currentTarget.value })}
              style={{ flex: 2 }}
            />
            <TextInput
              aria-label={`${label}: value ${index + 1}`}
              placeholder="Value"
              value={text}
              onChange={({ currentTarget }) => set(id, { value: currentTarget.value })}
              style={{ flex: 3 }}
            />
            <ActionIcon
              aria-label={`Remove ${key === '' ? `row ${index + 1}` : key}`}
              onClick={() => change(pairs.filter((pair) => pair.id !== id))}
            >
              <IconX size={15} />
            </ActionIcon>
          </Group>
        ))}
        <Button
          variant="default"
          size="xs"
          w="fit-content"
          leftSection={<IconPlus size={14} />}
          disabled={pairs.length >= PAIRS_MAX}
          onClick={() =>
            setPairs([...pairs, { id: Math.max(-1, ...pairs.map((one) => one.id)) + 1, key: '', value: '' }])
          }
        >
          Add a row
        </Button>
      </Stack>
    </Input.Wrapper>
  );
}
