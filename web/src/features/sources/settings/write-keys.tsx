import { Button, Group, List, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import { type DataOf, useCall, useChange, useWorkspaceSlug } from '../../../api/calls.ts';
import { useMay } from '../../../api/me.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { CopyField } from '../../../ui/copy.tsx';
import { TextLink } from '../../../ui/link.tsx';
import { Action } from '../../../ui/locked.tsx';
import { ErrorLine } from '../../../ui/states.tsx';
import { Chip } from '../../../ui/status.tsx';
import { shortTime } from '../../../ui/format.ts';
import { Ago, useNow } from '../../../ui/time.tsx';
import { toast } from '../../../ui/toast.tsx';
import type { AppSource } from '../use-source.ts';
import { SettingGroup } from './setting-group.tsx';
import classes from './settings.module.css';

/** The same as WRITE_KEYS_PER_SOURCE_MAX of the domain. */
const KEYS_MAX = 10;
const STALE = ['getAppSource', 'listSources', 'findSourceByWriteKey', 'listWriteKeyStats'] as const;
/** Who installs a new key waits for it to be used. */
const POLL_MS = 10_000;
/** Events are counted within two minutes or so; later than this it is not as always. */
const BEHIND_MS_MAX = 5 * 60_000;

/** The write keys of a source: all work at once, so that one is changed for another without losing an event (A15). */
export function WriteKeys({ source }: { source: AppSource }) {
  const slug = useWorkspaceSlug() ?? '';
  const mayKeys = useMay('source.keys', source);
  const [revoked, setRevoked] = useState<string>();
  const path = { sourceId: source.id };
  const add = useChange('createWriteKeyForSource', {
    stale: STALE,
    onDone: () => toast('The new key works within seconds'),
  });
  const revoke = useChange('removeWriteKeyFromSource', {
    stale: STALE,
    onDone: () => {
      toast('The key is revoked');
      setRevoked(undefined);
    },
  });
  const keys = source.writeKeys;
  const use = useCall('listWriteKeyStats', { query: { sourceId: source.id } }, { everyMs: POLL_MS, enabled: mayKeys });
  const asked = keys.find(({ writeKey }) => writeKey === revoked);
  return (
    <SettingGroup
      title="Write keys"
      about={
        <>
          Whoever sends events shows one. A key in a web page is public: it lets events in, and lets nobody read
          anything.
        </>
      }
    >
      {!mayKeys && <Text size="sm">You may not see the write keys of this source.</Text>}
      {keys.length > 0 && (
        <ul className={classes['keys']} aria-label="Write keys">
          {keys.map(({ writeKey, createdAt }, at) => (
            <li key={writeKey}>
              <Stack gap={2} style={{ minWidth: 0 }}>
                <CopyField value={writeKey} what={`write key ${writeKey.slice(-4)}`} />
                <Text size="xs" c="dimmed">
                  Made <Ago at={createdAt} size="xs" />
                  {' · '}
                  <LastUse writeKey={writeKey} createdAt={createdAt} use={use} />
                </Text>
              </Stack>
              <Group gap="xs">
                {keys.length > 1 && at === keys.length - 1 && <Chip tone="info">Newest</Chip>}
                <Button variant="default" size="compact-sm" onClick={() => setRevoked(writeKey)}>
                  Revoke
                </Button>
              </Group>
            </li>
          ))}
        </ul>
      )}
      {mayKeys && keys.length === 0 && (
        <Text size="sm" c="var(--mantine-color-error)">
          No key: nothing can send to this source.
        </Text>
      )}
      <ErrorLine error={add.error} />
      <Action
        right="source.keys"
        source={source}
        variant="default"
        w="fit-content"
        leftSection={<IconPlus size={14} aria-hidden />}
        loading={add.isPending}
        disabled={keys.length >= KEYS_MAX}
        onClick={() => add.mutate({ path })}
      >
        Add a key
      </Action>
      {keys.length > 1 && (
        <Text size="sm" c="dimmed" component="div">
          To change a key without losing an event:
          <List type="ordered" size="sm" mt={4} spacing={2}>
            <List.Item>
              Install the newest one everywhere: the{' '}
              <TextLink to={`/${slug}/sources/${source.id}/install`} underline="always">
                install page
              </TextLink>{' '}
              has it in its texts.
            </List.Item>
            <List.Item>
              Wait until nothing sends with the old one: above is when each was last used. Apps on phones may send with
              it for weeks.
            </List.Item>
            <List.Item>
              Revoke the old one. From then on what still sends with it is counted as unknown-write-key and lost.
            </List.Item>
          </List>
        </Text>
      )}
      <Confirm
        opened={revoked !== undefined}
        onClose={() => setRevoked(undefined)}
        title={`Revoke the key that ends in ${revoked?.slice(-4) ?? ''}`}
        button="Revoke key"
        isPending={revoke.isPending}
        error={revoke.error}
        onConfirm={() => {
          if (revoked !== undefined) revoke.mutate({ path: { ...path, writeKey: revoked } });
        }}
      >
        {keys.length === 1
          ? `It is the only key: ${source.name} takes no events at all until you add another one.`
          : 'Within seconds events that are sent with it are refused, and lost. The other keys go on.'}{' '}
        A revoked key does not come back.
        {asked !== undefined && (
          <Text size="sm" fw={600} mt="xs" component="div">
            This key: <LastUse {...asked} use={use} />.
          </Text>
        )}
      </Confirm>
    </SettingGroup>
  );
}

type KeyUse = DataOf<'listWriteKeyStats'>;

/** Whatever is not known is not said: nobody is to revoke a key because we did not look. */
function LastUse({ writeKey, createdAt, use }: { writeKey: string; createdAt: string; use: UseQueryResult<KeyUse> }) {
  const now = useNow();
  if (use.data === undefined) return use.isError ? 'its last use could not be read' : '…';
  const { stats, since, asOf } = use.data;
  const at = stats.find((one) => one.writeKey === writeKey)?.lastUsedAt;
  if (at !== undefined && at !== null) {
    return (
      <>
        last used <Ago at={at} size="xs" />
      </>
    );
  }
  if (now - Date.parse(asOf) > BEHIND_MS_MAX || since > asOf)
    return `last use not known, events are counted up to ${shortTime(asOf)}`;
  if (createdAt >= since) return 'not used so far';
  return (
    <>
      not used since <Ago at={since} size="xs" />
    </>
  );
}
