import { Select, Text } from '@mantine/core';
import { useState } from 'react';
import { appConfig } from '../../app/config.ts';
import { useMay } from '../../api/me.ts';
import { CopyField } from '../../ui/copy.tsx';
import { shortTime } from '../../ui/format.ts';
import { Failed, Waiting } from '../../ui/states.tsx';
import { FirstEvent } from './install/first-event.tsx';
import classes from './install/install.module.css';
import { InstallTexts } from './install/install-texts.tsx';
import { HookInstall } from './install/hook-install.tsx';
import { FALLBACK_KINDS, useKind } from './source-kinds.ts';
import { useSource } from './use-source.ts';

/** How a source is made to send, with the deployment's addresses and its real key; says by itself when events arrive. */
export function SourceInstallPage() {
  const { source } = useSource();
  const { kind, ...asked } = useKind(
    source === undefined ? undefined : (source.metadataId ?? FALLBACK_KINDS[source.kind]),
  );
  const [chosenKey, setKey] = useState<string>();
  const mayKeys = useMay('source.keys', source);
  if (source === undefined) return <Waiting what="the install page" lines={4} height={90} />;
  // The newest key: while keys are changed it is the one to install.
  const writeKey = source.writeKeys.find((one) => one.writeKey === chosenKey) ?? source.writeKeys.at(-1);
  const { ingestUrl, cdnUrl } = appConfig();
  return (
    <>
      <FirstEvent source={source} />
      <div className={classes['facts']}>
        {writeKey !== undefined && <CopyField label="Write key" what="write key" value={writeKey.writeKey} />}
        <CopyField label="Source id" what="source id" value={source.id} />
        <CopyField label="Events go to" what="tracking address" value={ingestUrl} />
        {source.kind === 'website' && <CopyField label="Analytics.js comes from" what="CDN address" value={cdnUrl} />}
        {source.writeKeys.length > 1 && (
          <Select
            label="Install with key"
            size="xs"
            data={source.writeKeys.map((one) => ({
              value: one.writeKey,
              label: `…${one.writeKey.slice(-4)}, of ${shortTime(one.createdAt)}`,
            }))}
            value={writeKey?.writeKey ?? null}
            allowDeselect={false}
            onChange={(value) => setKey(value ?? undefined)}
          />
        )}
        {writeKey === undefined && (
          <Text size="sm" c="dimmed">
            {mayKeys
              ? 'This source has no write key: make one in its settings.'
              : 'You may not see write keys: the texts have a place for it.'}
          </Text>
        )}
      </div>
      {kind === undefined ? (
        asked.isError ? (
          <Failed what="The install texts" error={asked.error} onRetry={() => void asked.refetch()} />
        ) : (
          <Waiting what="the install texts" lines={3} height={110} />
        )
      ) : source.kind === 'webhook' ? (
        <HookInstall source={source} kind={kind} writeKey={writeKey?.writeKey} />
      ) : (
        <InstallTexts source={source} own={kind} {...(writeKey !== undefined && { writeKey: writeKey.writeKey })} />
      )}
    </>
  );
}
