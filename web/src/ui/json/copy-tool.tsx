import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import styles from './json.module.css';

/** How long the button says that it copied, or could not. */
const SAID_MS = 1_600;

/** Copies a text that is only made when asked for: values may be large. */
export function CopyTool({ label, text }: { label: string; text: () => string }) {
  const clipboard = useClipboard({ timeout: SAID_MS });
  return (
    <button type="button" className={styles['tool']} onClick={() => clipboard.copy(text())}>
      {clipboard.copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
      <span aria-live="polite">
        {clipboard.error !== null ? 'Could not copy' : clipboard.copied ? 'Copied' : label}
      </span>
    </button>
  );
}
