import { Button, Text, TextInput } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { useState } from 'react';
import { isProduction } from '../../api/me.ts';
import { Logo } from '../../ui/logo.tsx';
import { Failed, Waiting } from '../../ui/states.tsx';
import { Chip, StatusBadge } from '../../ui/status.tsx';
import { isDeviceOnly, kindWord } from '../catalog/catalog.ts';
import classes from './add.module.css';
import { freeName } from './free-name.ts';
import { StepFrame } from './step-frame.tsx';
import type { Adding } from './use-adding.ts';
import { type SourceCandidate, useCandidates } from './use-candidates.ts';

const nameFault = (
  name: string,
  source: SourceCandidate,
  typeName: string,
  ownId: string | undefined,
): string | undefined => {
  const same = source.others.find(
    (one) => one.id !== ownId && one.name.trim().toLowerCase() === name.trim().toLowerCase(),
  );
  return same === undefined
    ? undefined
    : `${source.name} has a ${typeName} of this name already. Names differ by more than case.`;
};

/** Step 3: from where to where, and by which name. */
export function ConfirmStep(adding: Adding) {
  const { type, sourceId, go, confirm, destination, setName } = adding;
  const { candidates, error, refetch } = useCandidates(type);
  const source = candidates?.find(({ id }) => id === sourceId);
  const [typed, setTyped] = useState(adding.name === '' ? undefined : adding.name);
  const name = typed ?? freeName(type.name, source?.others ?? []);
  const fault = source && nameFault(name, source, type.name, destination?.id);
  const closed = destination === undefined ? source?.closed : undefined;
  return (
    <StepFrame
      title="Confirm the source"
      about="Check from where to where events will go."
      onBack={() => go('source')}
      next={
        <Button
          disabled={source === undefined || closed !== undefined || fault !== undefined || name.trim() === ''}
          onClick={() => {
            setName(name.trim());
            confirm();
          }}
        >
          Confirm source
        </Button>
      }
    >
      {error !== undefined && error !== null ? (
        <Failed what="Your sources" error={error} onRetry={refetch} />
      ) : candidates === undefined ? (
        <Waiting what="the source" lines={2} height={70} />
      ) : source === undefined ? (
        <Text size="sm">This source is not here. Go back and select another one.</Text>
      ) : (
        <>
          <div className={classes.way}>
            <div className={classes.end}>
              <Logo slug={source.slug} name={source.typeName} size={36} />
              <div>
                <Text fw={600}>{source.name}</Text>
                <Text size="xs" c="dimmed">
                  {kindWord(source.kind)} source
                </Text>
              </div>
              <StatusBadge state={source.state} />
            </div>
            <IconArrowRight size={20} aria-label="sends to" className={classes.arrow} />
            <div className={classes.end}>
              <Logo slug={type.slug} name={type.name} size={36} />
              <div>
                <Text fw={600}>{type.name}</Text>
                <Text size="xs" c="dimmed">
                  {isDeviceOnly(type) ? 'Device mode: browsers send' : 'Cloud mode: we send'}
                </Text>
              </div>
            </div>
          </div>
          <div className={classes.facts}>
            {source.environments.map((value) => (
              <Chip key={value} tone={isProduction(source.labels) ? 'info' : 'neutral'}>
                {value}
              </Chip>
            ))}
            {isProduction(source.labels) && (
              <Text size="sm" span>
                Real users depend on this source.
              </Text>
            )}
          </div>
          {closed !== undefined && (
            <Text size="sm" c="var(--mantine-color-error)" role="alert" mb="sm">
              {closed}.
            </Text>
          )}
          {source.others.length > 0 && (
            <Text size="sm" c="dimmed" mb="sm">
              It sends to {source.others.map((one) => one.name).join(', ')} already: this will be one more, with a name
              of its own.
            </Text>
          )}
          <TextInput
            label="Name of the destination"
            value={name}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
            error={fault}
            withAsterisk
            maw={420}
          />
        </>
      )}
    </StepFrame>
  );
}
