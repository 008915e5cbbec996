import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { connectionKey, type FlowConnection, type Side, stateOf, stateText } from './flow.ts';
import styles from './graph.module.css';

/** A connection as the list of a card tells it: by the name of its other end. */
export type NamedConnection = { connection: FlowConnection; other: string };

/**
 * The count on a card: opens the list of its connections, each a button. One connection alone is a port at the card's edge, which opens it
 * at once. Escape and a press elsewhere close the list.
 */
export function ConnectionButton({
  name,
  side,
  connections,
  selected,
  onSelect,
}: {
  name: string;
  side: Side;
  connections: readonly NamedConnection[];
  selected: string | undefined;
  onSelect: (connection: FlowConnection) => void;
}) {
  const [open, setOpen] = useState(false);
  const holder = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const listId = useId();
  const toOrFrom = side === 'source' ? 'to' : 'from';

  useEffect(() => {
    if (!open) return undefined;
    const close = (event: Event) => {
      if (event.target instanceof Node && !holder.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', close);
    document.addEventListener('focusin', close);
    return () => {
      document.removeEventListener('pointerdown', close);
      document.removeEventListener('focusin', close);
    };
  }, [open]);

  const [first, ...rest] = connections;
  if (first === undefined) return null;
  if (rest.length === 0) {
    const label = `1 connection ${toOrFrom} ${first.other}: ${stateText(first.connection)}`;
    return (
      <button
        type="button"
        className={styles['count']}
        aria-label={label}
        title={label}
        data-single
        data-failing={stateOf(first.connection) === 'failing' || undefined}
        onClick={() => onSelect(first.connection)}
      >
        <span className={styles['one']}>1</span>
      </button>
    );
  }
  const closeByKey = (event: KeyboardEvent) => {
    if (!open || event.key !== 'Escape') return;
    event.stopPropagation();
    setOpen(false);
    button.current?.focus();
  };
  const failing = connections.filter(({ connection }) => stateOf(connection) === 'failing').length;
  return (
    <div ref={holder}>
      <button
        ref={button}
        type="button"
        className={styles['count']}
        aria-expanded={open}
        aria-controls={open ? listId : undefined}
        aria-label={`${connections.length} connections of ${name}${failing > 0 ? `, ${failing} failing` : ''}`}
        data-failing={failing > 0 || undefined}
        onKeyDown={closeByKey}
        onClick={() => setOpen(!open)}
      >
        {connections.length}
      </button>
      {open && (
        <ul id={listId} className={styles['menu']} aria-label={`Connections of ${name}`}>
          {connections.map(({ connection, other }) => (
            <li key={connectionKey(connection)}>
              <button
                type="button"
                className={styles['choice']}
                aria-current={connectionKey(connection) === selected || undefined}
                onKeyDown={closeByKey}
                onClick={() => {
                  // What opens now gives the focus back to where it is: this button goes away.
                  button.current?.focus();
                  setOpen(false);
                  onSelect(connection);
                }}
              >
                <span className={styles['name']} title={other}>
                  {other}
                </span>
                <span className={stateOf(connection) === 'failing' ? styles['failing'] : styles['quiet']}>
                  {stateText(connection)}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
