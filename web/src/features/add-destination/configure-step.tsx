import { Button, Text } from '@mantine/core';
import { IconSettings } from '@tabler/icons-react';
import { useWorkspaceSlug } from '../../api/calls.ts';
import { TextLink } from '../../ui/link.tsx';
import { isDeviceOnly } from '../catalog/catalog.ts';
import { CredentialsList } from '../catalog/credentials-list.tsx';
import { StepFrame } from './step-frame.tsx';
import type { Adding } from './use-adding.ts';

/** Step 1: what it is and what one needs at hand. */
export function ConfigureStep({ type, go }: Adding) {
  const workspace = useWorkspaceSlug() ?? '';
  return (
    <StepFrame
      title={`What you need for ${type.name}`}
      about={type.description}
      next={
        <Button leftSection={<IconSettings size={16} aria-hidden="true" />} onClick={() => go('source')}>
          Configure
        </Button>
      }
    >
      <CredentialsList type={type} />
      <Text size="sm" c="dimmed" mt="md">
        {isDeviceOnly(type)
          ? 'It runs in visitors’ browsers: its own library sends to it there.'
          : 'Events are sent from our servers. Nothing is sent before you enable it.'}{' '}
        <TextLink underline="always" to={`/${workspace}/catalog/destinations/${type.slug}`}>
          All about {type.name}, and a dry run
        </TextLink>
      </Text>
    </StepFrame>
  );
}
