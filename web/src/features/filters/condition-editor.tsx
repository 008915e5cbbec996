import { Button, Code, Group, Text, Textarea } from '@mantine/core';
import { IconCode, IconList } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { conditionWords, triggerWords } from '../delivery/condition-words.ts';
import { pathsOf } from './event-paths.ts';
import type { RecentEvent } from './recent-events.ts';
import { RuleBuilder } from './rule-builder.tsx';
import { type Dialect, faultOf, readRules, type Rules, writeRules } from './rules.ts';
import { valuesAt } from './values-at.ts';

export type ConditionEditorProps = {
  label: string;
  text: string;
  onChange: (text: string) => void;
  dialect: Dialect;
  events: readonly RecentEvent[];
  /** What the API says of it, or that it is not finished. */
  error?: string | undefined;
  isChecked: boolean;
  empty: string;
};

/** A condition as rows, or as the FQL that they stand for. Where rows cannot say it, its words stand above the text. */
export function ConditionEditor(props: ConditionEditorProps) {
  const { label, text, onChange, dialect, events, error, isChecked, empty } = props;
  const [rows, setRows] = useState<{ text: string; rules: Rules | undefined }>(() => ({
    text,
    rules: readRules(text, dialect),
  }));
  const [isRaw, setRaw] = useState(false);
  // Another text than the rows have written: it was typed, or the page has begun anew.
  const current = rows.text === text ? rows : { text, rules: readRules(text, dialect) };
  const paths = useMemo(() => pathsOf(events.map(({ event }) => event)), [events]);
  const change = (rules: Rules): void => {
    const next = { text: writeRules(rules, dialect), rules };
    setRows(next);
    onChange(next.text);
  };
  const fault = faultOf(text, dialect);
  const hasRows = current.rules !== undefined;
  const isText = isRaw || !hasRows;
  return (
    <section aria-label={label}>
      <Group justify="space-between" mb={6} gap="xs" mih={26}>
        <Text size="sm" fw={600}>
          {label}
        </Text>
        {(hasRows || isRaw) && (
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            disabled={isRaw && !hasRows}
            leftSection={isText ? <IconList size={13} aria-hidden="true" /> : <IconCode size={13} aria-hidden="true" />}
            onClick={() => setRaw(!isRaw)}
          >
            {isText ? 'Edit as rows' : 'Edit as FQL'}
          </Button>
        )}
      </Group>
      {isText ? (
        <>
          {!hasRows && fault === undefined && (
            <Text size="sm" mb={6}>
              {dialect === 'filter' ? conditionWords(text) : triggerWords(text)}.{' '}
              <Text span size="sm" c="dimmed">
                Groups within groups cannot be shown as rows.
              </Text>
            </Text>
          )}
          <Textarea
            aria-label={`${label} as FQL`}
            value={text}
            onChange={({ currentTarget }) => onChange(currentTarget.value)}
            autosize
            minRows={2}
            maxRows={10}
            spellCheck={false}
            error={fault ?? error}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12.5 } }}
          />
        </>
      ) : (
        <>
          <RuleBuilder
            rules={current.rules ?? { logic: 'all', rules: [] }}
            onChange={change}
            dialect={dialect}
            paths={paths}
            valuesOf={(path) => valuesAt(events, path)}
            isChecked={isChecked}
            empty={empty}
          />
          {error !== undefined && (
            <Text size="xs" c="var(--mantine-color-error)" mt={4} role="alert">
              {error}
            </Text>
          )}
          {fault === undefined && (
            <Code mt={8} style={{ display: 'block', overflowWrap: 'anywhere' }} aria-label="As FQL">
              {text}
            </Code>
          )}
        </>
      )}
    </section>
  );
}
