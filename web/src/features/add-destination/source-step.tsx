import { Button, Radio, Text, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { IconLock, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useWorkspaceSlug } from '../../api/calls.ts';
import { isProduction } from '../../api/me.ts';
import { counted } from '../../ui/format.ts';
import { Logo } from '../../ui/logo.tsx';
import { Empty, Failed, Waiting } from '../../ui/states.tsx';
import { Chip, StatusBadge } from '../../ui/status.tsx';
import { kindWord } from '../catalog/catalog.ts';
import classes from './add.module.css';
import { StepFrame } from './step-frame.tsx';
import type { Adding } from './use-adding.ts';
import { type SourceCandidate, useCandidates } from './use-candidates.ts';

/** Sources from which on they can be searched. */
const SEARCHED_MIN = 8;

/** Step 2: exactly one source; those that do not fit are listed closed, with the reason (B05). */
export function SourceStep({ type, go, sourceId, chooseSource, destination }: Adding) {
  const workspace = useWorkspaceSlug() ?? '';
  const navigate = useNavigate();
  const { candidates, error, refetch } = useCandidates(type);
  const [query, setQuery] = useState('');
  const open = (candidates ?? []).filter(({ closed }) => closed === undefined);
  const closed = (candidates ?? []).filter((one) => one.closed !== undefined);
  const matches = ({ name, typeName }: SourceCandidate): boolean =>
    `${name} ${typeName}`.toLowerCase().includes(query.toLowerCase());
  const chosen = open.some(({ id }) => id === sourceId) || destination !== undefined ? sourceId : undefined;
  return (
    <StepFrame
      title="Select the source"
      about={`${type.name} gets the events of exactly one source. Each further source gets a destination of its own.`}
      onBack={() => go('configure')}
      next={
        <Button disabled={chosen === undefined} onClick={() => go('confirm')}>
          Next
        </Button>
      }
    >
      {error !== undefined && error !== null ? (
        <Failed what="Your sources" error={error} onRetry={refetch} />
      ) : candidates === undefined ? (
        <Waiting what="your sources" lines={4} height={58} />
      ) : candidates.length === 0 ? (
        <Empty
          title="You have no sources yet"
          action={<Button onClick={() => void navigate({ to: `/${workspace}/sources/new` })}>Add source</Button>}
        >
          A source sends the events that {type.name} gets. Add one, then come back: your draft is kept.
        </Empty>
      ) : (
        <>
          {destination !== undefined && (
            <Text size="sm" c="dimmed" mb="sm">
              It is saved with this source. For another one, duplicate it from its menu, or start over.
            </Text>
          )}
          {candidates.length >= SEARCHED_MIN && (
            <TextInput
              data-search="true"
              aria-label="Search sources"
              placeholder="Search sources"
              leftSection={<IconSearch size={15} aria-hidden="true" />}
              value={query}
              onChange={({ currentTarget }) => setQuery(currentTarget.value)}
              mb="sm"
            />
          )}
          <Radio.Group
            aria-label="Source"
            value={chosen ?? ''}
            onChange={chooseSource}
            readOnly={destination !== undefined}
          >
            <ul className={classes.choices}>
              {open.filter(matches).map((one) => (
                <li key={one.id}>
                  <label
                    className={classes.choice}
                    htmlFor={`source-${one.id}`}
                    data-chosen={one.id === chosen || undefined}
                  >
                    <Radio
                      id={`source-${one.id}`}
                      value={one.id}
                      disabled={destination !== undefined && one.id !== chosen}
                    />
                    <SourceLine one={one} typeName={type.name} />
                  </label>
                </li>
              ))}
            </ul>
          </Radio.Group>
          {open.length === 0 && (
            <Text size="sm" c="dimmed">
              None of your sources fits.
            </Text>
          )}
          {closed.length > 0 && (
            <>
              <h3 className={classes.closedHead}>Not for {type.name}</h3>
              <ul className={classes.choices}>
                {closed.filter(matches).map((one) => (
                  <li key={one.id} className={classes.closed}>
                    <IconLock size={16} aria-hidden="true" />
                    <SourceLine one={one} typeName={type.name} />
                  </li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
    </StepFrame>
  );
}

function SourceLine({ one, typeName }: { one: SourceCandidate; typeName: string }) {
  return (
    <span className={classes.sourceLine}>
      <Logo slug={one.slug} name={one.typeName} size={26} />
      <span className={classes.sourceText}>
        <span className={classes.sourceName}>{one.name}</span>
        <Text span size="xs" c="dimmed">
          {one.closed ??
            [
              kindWord(one.kind),
              one.typeName,
              ...(one.others.length > 0 ? [`has ${counted(one.others.length, typeName, typeName)} already`] : []),
            ].join(' · ')}
        </Text>
      </span>
      <span className={classes.sourceChips}>
        {one.environments.map((value) => (
          <Chip key={value} tone={isProduction(one.labels) ? 'info' : 'neutral'}>
            {value}
          </Chip>
        ))}
        {one.closed === undefined && <StatusBadge state={one.state} />}
      </span>
    </span>
  );
}
