import { Switch, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { isProduction, type Limited, useMay } from '../../api/me.ts';

type Override = { enabled: boolean; doneAtMs?: number };

/** Switches of a list that show at once what was clicked, until the list itself says so. `loadedAtMs`: when the list was read. */
export function useSwitched(loadedAtMs: number) {
  const [overrides, setOverrides] = useState<Readonly<Record<string, Override>>>({});
  return {
    of: (id: string, enabled: boolean): boolean => {
      const mine = overrides[id];
      const isOver = mine === undefined || (mine.doneAtMs !== undefined && loadedAtMs > mine.doneAtMs);
      return isOver ? enabled : mine.enabled;
    },
    begin: (id: string, enabled: boolean): void => setOverrides((all) => ({ ...all, [id]: { enabled } })),
    done: (id: string, enabled: boolean): void =>
      setOverrides((all) => ({ ...all, [id]: { enabled, doneAtMs: Date.now() } })),
    failed: (id: string): void =>
      setOverrides((all) => Object.fromEntries(Object.entries(all).filter(([key]) => key !== id))),
  };
}

/** Head of the column: in production it says so. */
export const enabledTitle = (source: Limited | undefined): string =>
  isProduction(source?.labels) ? 'Enabled in Production' : 'Enabled';

/** Switches a filter or a mapping on and off. Who may not sees it fixed. */
export function EnabledSwitch({
  name,
  isOn,
  source,
  onChange,
}: {
  name: string;
  isOn: boolean;
  source: Limited | undefined;
  onChange: (isOn: boolean) => void;
}) {
  const may = useMay('destination.edit', source);
  const where = isProduction(source?.labels) ? ' in Production' : '';
  return (
    <Tooltip label={may ? `${isOn ? 'Disable' : 'Enable'}${where}` : 'You may not change this'} openDelay={400}>
      <div style={{ width: 'fit-content' }}>
        <Switch
          aria-label={`${name} enabled${where}`}
          checked={isOn}
          disabled={!may}
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        />
      </div>
    </Tooltip>
  );
}
