import { Button, Menu, Text } from '@mantine/core';
import { IconTag } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { forget, useApi, useCall, useWorkspaceSlug } from '../../api/calls.ts';
import { type Label, useMay } from '../../api/me.ts';
import { counted } from '../../ui/format.ts';
import { Action } from '../../ui/locked.tsx';
import { oneByOne } from '../../ui/one-by-one.ts';
import { toast } from '../../ui/toast.tsx';
import type { Source } from './source-rows.ts';
import classes from './sources.module.css';

/** Changes several sources at once. What could not be changed is named; the rest can be taken back. */
export function BulkBar({ chosen, onClear }: { chosen: readonly Source[]; onClear: () => void }) {
  const api = useApi();
  const slug = useWorkspaceSlug();
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const mayLabel = useMay('source.label');
  const labels = useCall('listLabels', undefined, { freshMs: 60_000 });

  const each = async (sources: readonly Source[], change: (source: Source) => Promise<unknown>): Promise<Source[]> => {
    setBusy(true);
    const { done, failed } = await oneByOne(sources, change);
    await forget(queries, slug, ['listSources', 'getAppSource', 'listSourceStats', 'listEnvironments', 'getOverview']);
    setBusy(false);
    const [first] = failed;
    if (first !== undefined) toast(`${counted(failed.length, 'source')} not changed: ${first.why}`, { bad: true });
    return done;
  };
  const setEnabled = (sources: readonly Source[], enabled: boolean) =>
    each(sources, ({ id }) => api.call('updateAppSource', { path: { sourceId: id }, body: { enabled } }));
  const enable = async (enabled: boolean): Promise<void> => {
    const done = await setEnabled(
      chosen.filter((one) => one.enabled !== enabled),
      enabled,
    );
    if (done.length === 0) return;
    toast(`${counted(done.length, 'source')} ${enabled ? 'enabled' : 'disabled'}`, {
      undo: () => void setEnabled(done, !enabled),
    });
  };
  const addLabel = async ({ key, value }: Label): Promise<void> => {
    const has = (source: Source): boolean => source.labels.some((one) => one.key === key && one.value === value);
    const done = await each(
      chosen.filter((one) => !has(one)),
      ({ id }) => api.call('addLabelsToSource', { path: { sourceId: id }, body: { labels: [{ key, value }] } }),
    );
    if (done.length === 0) return;
    toast(`${key}: ${value} added to ${counted(done.length, 'source')}`, {
      undo: () =>
        void each(done, (source) =>
          api.call('replaceLabelsInSource', {
            path: { sourceId: source.id },
            body: { labels: source.labels.map((one) => ({ key: one.key, value: one.value })) },
          }),
        ),
    });
  };

  return (
    <div className={classes['bulk']} role="toolbar" aria-label="Chosen sources">
      <Text size="sm" fw={600} mr="xs">
        {counted(chosen.length, 'source')} chosen
      </Text>
      {mayLabel ? (
        <Menu position="bottom-start">
          <Menu.Target>
            <Button size="xs" variant="default" loading={isBusy} leftSection={<IconTag size={14} aria-hidden />}>
              Add label
            </Button>
          </Menu.Target>
          <Menu.Dropdown mah={320} style={{ overflow: 'auto' }}>
            {(labels.data?.labels ?? []).map(({ key, value }) => (
              <Menu.Item key={`${key}:${value}`} onClick={() => void addLabel({ key, value })}>
                {key}: {value}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      ) : (
        <Action right="source.label" size="xs">
          Add label
        </Action>
      )}
      <Action right="source.edit" size="xs" variant="default" disabled={isBusy} onClick={() => void enable(true)}>
        Enable
      </Action>
      <Action right="source.edit" size="xs" variant="default" disabled={isBusy} onClick={() => void enable(false)}>
        Disable
      </Action>
      <Button size="xs" variant="subtle" onClick={onClear}>
        Clear
      </Button>
    </div>
  );
}
