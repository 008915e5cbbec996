import { ActionIcon, Button, Code, CopyButton, Group, Text } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { Hint } from './hint.tsx';

/** How long a button says that it has copied. */
const SAID_MS = 1_600;

/** Copies a text; `what` ends "Copy …". */
export function CopyIcon({ text, what }: { text: string; what: string }) {
  return (
    <CopyButton value={text} timeout={SAID_MS}>
      {({ copied, copy }) => (
        <Hint label={copied ? 'Copied' : `Copy ${what}`}>
          <ActionIcon size="sm" onClick={copy} aria-label={copied ? `Copied ${what}` : `Copy ${what}`}>
            {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          </ActionIcon>
        </Hint>
      )}
    </CopyButton>
  );
}

/** A button with words that copies. */
export function CopyTextButton({ text, children }: { text: string; children: string }) {
  return (
    <CopyButton value={text} timeout={SAID_MS}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          size="xs"
          onClick={copy}
          leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
        >
          {copied ? 'Copied' : children}
        </Button>
      )}
    </CopyButton>
  );
}

/** An id, key or URL in one line, with its copy button. `mask`: dots but for the last four characters. */
export function CopyField({
  value,
  what,
  label,
  mask = false,
}: {
  value: string;
  what: string;
  label?: string;
  mask?: boolean;
}) {
  return (
    <div>
      {label !== undefined && (
        <Text size="xs" c="dimmed" mb={2}>
          {label}
        </Text>
      )}
      <Group gap={4} wrap="nowrap" maw="100%" style={{ minWidth: 0 }}>
        <Code
          style={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', minWidth: 0 }}
          title={mask ? undefined : value}
        >
          {mask ? `••••••••${value.slice(-4)}` : value}
        </Code>
        <CopyIcon text={value} what={what} />
      </Group>
    </div>
  );
}

/** Lines of code or a command, with its copy button. */
export function Snippet({ code, what = 'code', maxHeight = 420 }: { code: string; what?: string; maxHeight?: number }) {
  return (
    <div style={{ position: 'relative' }}>
      <Code
        block
        style={{ maxHeight, overflow: 'auto', padding: '12px 44px 12px 14px', border: '1px solid var(--app-border)' }}
        bg="var(--app-surface)"
        tabIndex={0}
        aria-label={what}
      >
        {code}
      </Code>
      <div style={{ position: 'absolute', top: 8, right: 8 }}>
        <CopyIcon text={code} what={what} />
      </div>
    </div>
  );
}
