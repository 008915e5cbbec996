import { ActionIcon, Button, Code, Group, Popover, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { IconHelp, IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import classes from './debugger.module.css';
import {
  type EventType,
  type Narrowed,
  QUERY_CHARS_MAX,
  STATUSES,
  type Status,
  TYPES,
  termsIn,
  termText,
  withoutTerm,
} from './query.ts';
import { verdictWord } from './verdict.ts';

/** Typing is over when nothing was typed for so long. */
const TYPED_MS = 300;
const EXAMPLES = ['type:track', 'event:"Order Completed"', 'user:u-42', '-event:Test', 'status:blocked', '"red shoes"'];

export type FilterBarProps = {
  narrowed: Narrowed;
  onQuery: (q: string | undefined) => void;
  onTypes: (types: readonly EventType[]) => void;
  onStatus: (status: Status | undefined) => void;
};

/** What the list is narrowed by: a query, types, one verdict. Fields of the query are shown as they are understood. */
export function FilterBar({ narrowed, onQuery, onTypes, onStatus }: FilterBarProps) {
  const { q = '', types, status } = narrowed;
  const [typed, setTyped] = useTyped(q, onQuery);
  const terms = termsIn(q);
  const isPlain = terms.every(({ key, isExcluded }) => key === undefined && !isExcluded);
  return (
    <Stack gap={8}>
      <TextInput
        data-search="true"
        aria-label="Search events"
        placeholder={'Search payloads, or type:track event:"Order Completed" user:u-42 -event:Test status:blocked'}
        value={typed}
        maxLength={QUERY_CHARS_MAX}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        leftSection={<IconSearch size={15} aria-hidden="true" />}
        rightSectionWidth={60}
        rightSection={
          <Group gap={2} wrap="nowrap">
            {typed !== '' && (
              <ActionIcon size="sm" aria-label="Clear search" onClick={() => setTyped('')}>
                <IconX size={14} />
              </ActionIcon>
            )}
            <Syntax onChoose={(example) => setTyped(typed === '' ? example : `${typed} ${example}`)} />
          </Group>
        }
      />
      <Group gap="md">
        <div className={classes.pills} role="group" aria-label="Types">
          {TYPES.map((type) => (
            <button
              key={type}
              type="button"
              className={classes.pill}
              aria-pressed={types.includes(type)}
              onClick={() => onTypes(types.includes(type) ? types.filter((one) => one !== type) : [...types, type])}
            >
              {type[0]?.toUpperCase()}
              {type.slice(1)}
            </button>
          ))}
        </div>
        <div className={classes.pills} role="group" aria-label="Verdict">
          {STATUSES.map((one) => (
            <button
              key={one}
              type="button"
              className={classes.pill}
              aria-pressed={status === one}
              onClick={() => onStatus(status === one ? undefined : one)}
            >
              {verdictWord(one)}
            </button>
          ))}
        </div>
        {!isPlain && (
          <Group gap={6} role="group" aria-label="The query as it is understood">
            {terms.map((term, index) => (
              <span key={termText(term)} className={classes.term}>
                {termText(term)}
                <ActionIcon
                  size="xs"
                  aria-label={`Remove: ${termText(term)}`}
                  onClick={() => setTyped(withoutTerm(terms, index) ?? '')}
                >
                  <IconX size={12} />
                </ActionIcon>
              </span>
            ))}
          </Group>
        )}
      </Group>
    </Stack>
  );
}

/** A text that is told on once typing rests; one that is set from elsewhere takes its place. */
function useTyped(q: string, onQuery: (q: string | undefined) => void): [string, (text: string) => void] {
  const [typed, setTyped] = useState(q);
  const [told, setTold] = useState(q);
  if (told !== q) {
    setTold(q);
    setTyped(q);
  }
  useEffect(() => {
    if (typed === q) return undefined;
    const timer = setTimeout(() => {
      setTold(typed);
      onQuery(typed === '' ? undefined : typed);
    }, TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed, q, onQuery]);
  return [typed, setTyped];
}

function Syntax({ onChoose }: { onChoose: (example: string) => void }) {
  return (
    <Popover position="bottom-end" width={320} trapFocus>
      <Popover.Target>
        <ActionIcon size="sm" aria-label="How to search">
          <IconHelp size={15} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label="How to search">
        <Stack gap={8}>
          <Text size="sm">
            Words are looked for in the whole payload, and all of them must be there. Fields are type, event, user,
            anonymous, message, status, reason and destination. A minus leaves out.
          </Text>
          <Group gap={6}>
            {EXAMPLES.map((example) => (
              <UnstyledButton key={example} onClick={() => onChoose(example)} aria-label={`Add ${example}`}>
                <Code>{example}</Code>
              </UnstyledButton>
            ))}
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Where nothing fits what the list is narrowed by. */
export function NothingFits({ onClear }: { onClear: () => void }) {
  return (
    <Stack align="center" gap="xs" py={60} data-face="empty">
      <Text fw={600}>No event fits this search</Text>
      <Text size="sm" c="dimmed" ta="center" maw={380}>
        All that is kept was looked through. New events that fit appear here as they come.
      </Text>
      <Button variant="default" size="xs" onClick={onClear}>
        Clear search
      </Button>
    </Stack>
  );
}
