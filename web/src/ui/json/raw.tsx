import { useMemo, useState } from 'react';
import { ScrollRegion } from '../charts/scroll-region.tsx';
import { CopyTool } from './copy-tool.tsx';
import styles from './json.module.css';
import { prettyJson, unseenWritten } from './values.ts';

/** Characters that are shown before the rest is asked for. */
const RAW_SHOWN = 100_000;

/** A value as indented JSON, or a text as it is; wrapped or not, with a copy button. `text` wins over `value`: a body that may not be JSON. */
export function Raw({
  value,
  text,
  label = 'Raw',
  maxHeight,
}: {
  value?: unknown;
  text?: string;
  label?: string;
  maxHeight?: number;
}) {
  const [wrap, setWrap] = useState(true);
  const [all, setAll] = useState(false);
  const json = useMemo(() => (text === undefined ? prettyJson(value) : { text }), [value, text]);
  if (!('text' in json)) {
    return (
      <div className={styles['box']}>
        <div className={styles['empty']}>This value is nested too deeply to be shown as text.</div>
      </div>
    );
  }
  const whole = json.text;
  const cut = !all && whole.length > RAW_SHOWN;
  return (
    <div className={styles['box']}>
      <div className={styles['bar']}>
        <span className={styles['grow']}>{whole.length.toLocaleString('en-GB')} characters</span>
        <button type="button" className={styles['tool']} aria-pressed={wrap} onClick={() => setWrap(!wrap)}>
          Wrap lines
        </button>
        <CopyTool label="Copy" text={() => whole} />
      </div>
      <ScrollRegion
        label={label}
        className={wrap ? `${styles['raw']} ${styles['wrap']}` : styles['raw']}
        style={{ maxHeight, direction: 'ltr' }}
      >
        {unseenWritten(cut ? whole.slice(0, RAW_SHOWN) : whole)}
      </ScrollRegion>
      {cut && (
        <button type="button" className={`${styles['more']} ${styles['fold']}`} onClick={() => setAll(true)}>
          Show all {whole.length.toLocaleString('en-GB')} characters
        </button>
      )}
    </div>
  );
}
