import { Paper } from '@mantine/core';
import type { Json } from '../../../../shared/domain/json.ts';
import { JsonEditor } from '../../ui/json-editor.tsx';
import { readJson } from '../../ui/json-text.ts';
import type { Fields } from './mapping-draft.ts';

/** All fields as one JSON text; each time that it is JSON, it is what is tried. */
export function RawFields({
  raw,
  errors,
  isReadOnly,
  onRaw,
  onChange,
}: {
  raw: string;
  errors: Readonly<Record<string, string>>;
  isReadOnly: boolean;
  onRaw: (raw: string) => void;
  onChange: (fields: Fields) => void;
}) {
  const told = Object.entries(errors).map(([key, message]) => `${key} ${message}`);
  return (
    <Paper withBorder p="md">
      <JsonEditor
        label="Fields as JSON"
        value={raw}
        isReadOnly={isReadOnly}
        lines={18}
        maxHeight={620}
        error={told.length === 0 ? undefined : told.join('; ')}
        onChange={(next) => {
          onRaw(next);
          const read = readJson(next);
          if (read.isJson && typeof read.value === 'object' && read.value !== null && !Array.isArray(read.value)) {
            onChange(read.value as Record<string, Json>);
          }
        }}
      />
    </Paper>
  );
}
