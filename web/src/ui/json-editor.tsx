import { Group, Skeleton, Text } from '@mantine/core';
import { lazy, type ReactNode, Suspense, useId } from 'react';
import classes from './json-editor.module.css';
import { readJson } from './json-text.ts';

/** Lines that are there from the start. */
const LINES = 12;
const LINE_PX = 20;

export type JsonEditorProps = {
  /** Stands above the editor, and names it for those who do not see it. */
  label: string;
  value: string;
  onChange: (text: string) => void;
  /** What the API says of the text; what is no JSON is said by the editor itself. */
  error?: string | undefined;
  /** Below the label. */
  description?: ReactNode;
  /** Buttons at the right of the label. */
  tools?: ReactNode;
  /** Lines that are seen before it scrolls, and that it has at least. */
  lines?: number;
  /** The height from which on it scrolls, in px. */
  maxHeight?: number;
  isReadOnly?: boolean;
};

const CodeEditor = lazy(async () => ({ default: (await import('./json-editor-code.tsx')).CodeEditor }));

/**
 * An editor of JSON, loaded when the first one is seen. Tab leaves it, as any field. A line below says where the text is no JSON
 * and why: the page reads the value with `readJson`.
 */
export function JsonEditor({
  label,
  value,
  onChange,
  error,
  description,
  tools,
  lines = LINES,
  maxHeight,
  isReadOnly = false,
}: JsonEditorProps) {
  const id = useId();
  const read = readJson(value);
  const said = error ?? (read.isJson || value.trim() === '' ? undefined : read.message);
  return (
    <div>
      <Group justify="space-between" align="flex-end" mb={6} gap="xs">
        <div>
          <Text size="sm" fw={550} id={`${id}-label`}>
            {label}
          </Text>
          {description !== undefined && (
            <Text size="xs" c="dimmed" component="div">
              {description}
            </Text>
          )}
        </div>
        {tools !== undefined && <Group gap={6}>{tools}</Group>}
      </Group>
      <div className={classes['frame']} data-bad={said === undefined ? undefined : 'true'}>
        <Suspense fallback={<Skeleton height={lines * LINE_PX} radius={0} />}>
          <CodeEditor
            label={label}
            value={value}
            onChange={onChange}
            isReadOnly={isReadOnly}
            minHeight={lines * LINE_PX}
            maxHeight={maxHeight}
            badLine={read.isJson ? undefined : read.line}
            describedBy={`${id}-said`}
          />
        </Suspense>
      </div>
      <Text id={`${id}-said`} size="xs" c="var(--mantine-color-error)" mih={18} mt={4} role="status">
        {said}
      </Text>
    </div>
  );
}
