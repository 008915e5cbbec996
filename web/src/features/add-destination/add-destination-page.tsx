import { Button, Group, Text } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { CatalogDestination } from '../../../../shared/catalog/catalog-entry.ts';
import { useWorkspaceSlug } from '../../api/calls.ts';
import { useMay } from '../../api/me.ts';
import { NotAllowed } from '../../ui/locked.tsx';
import { Logo } from '../../ui/logo.tsx';
import { Page } from '../../ui/page.tsx';
import { Failed, Waiting } from '../../ui/states.tsx';
import { Chip } from '../../ui/status.tsx';
import { Ago } from '../../ui/time.tsx';
import { useDestinationType } from '../catalog/catalog.ts';
import classes from './add.module.css';
import { ConfigureStep } from './configure-step.tsx';
import { ConfirmStep } from './confirm-step.tsx';
import { MappingsStep } from './mappings-step.tsx';
import { SettingsStep } from './settings-step.tsx';
import { SourceStep } from './source-step.tsx';
import { StepList } from './stepper.tsx';
import { furthest, type StepId } from './steps.ts';
import { TestStep } from './test-step.tsx';
import { type Adding, useAdding } from './use-adding.ts';

const PAGES: Readonly<Record<StepId, (adding: Adding) => ReactNode>> = {
  configure: ConfigureStep,
  source: SourceStep,
  confirm: ConfirmStep,
  settings: SettingsStep,
  mappings: MappingsStep,
  test: TestStep,
};

/** Adds a destination of a type in six steps. What is decided is kept: whoever leaves goes on later. */
export function AddDestinationPage() {
  const { slug = '' } = useParams({ strict: false });
  const workspace = useWorkspaceSlug() ?? '';
  const asked = useDestinationType(slug);
  const mayCreate = useMay('destination.create');
  const crumbs = [
    { label: 'Destinations', to: `/${workspace}/destinations` },
    { label: 'Add destination', to: `/${workspace}/destinations/new` },
  ];
  if (asked.data !== undefined && mayCreate) return <Steps key={asked.data.slug} type={asked.data} crumbs={crumbs} />;
  return (
    <Page title="Add destination" crumbs={crumbs.slice(0, 1)}>
      {asked.isError ? (
        <Failed what={`A destination called “${slug}”`} error={asked.error} onRetry={() => void asked.refetch()} />
      ) : asked.data === undefined ? (
        <Waiting what="this type of destination" />
      ) : (
        <NotAllowed right="destination.create" what="the steps that add a destination" />
      )}
    </Page>
  );
}

function Steps({ type, crumbs }: { type: CatalogDestination; crumbs: readonly { label: string; to: string }[] }) {
  const adding = useAdding(type);
  const { step, go, sourceId, isConfirmed, destination, restoredAt, startOver } = adding;
  const Step = PAGES[step];
  return (
    <Page
      title={`Add ${type.name}`}
      crumbs={crumbs}
      logo={<Logo slug={type.slug} name={type.name} size={34} />}
      badges={destination !== undefined && <Chip>{destination.enabled ? 'Enabled' : 'Saved, disabled'}</Chip>}
    >
      {restoredAt !== undefined && (
        <Group gap="xs" className={classes.restored} role="status">
          <Text size="sm">
            Your draft of <Ago at={restoredAt} inherit /> is here: go on where you left.
          </Text>
          <Button variant="subtle" size="compact-sm" onClick={startOver}>
            Start over
          </Button>
        </Group>
      )}
      <div className={classes.flow}>
        <StepList
          step={step}
          last={furthest({ sourceId, isConfirmed, destinationId: destination?.id })}
          onGo={(to) => go(to)}
        />
        <Step key={step} {...adding} />
      </div>
    </Page>
  );
}
