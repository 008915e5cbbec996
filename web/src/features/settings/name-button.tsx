import { UnstyledButton } from '@mantine/core';
import classes from './name-button.module.css';

/** A row's name, which opens the row beside the list. */
export function NameButton({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <UnstyledButton className={classes.name} onClick={onClick} title={children}>
      {children}
    </UnstyledButton>
  );
}
