import { Alert, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconInfoCircle } from '@tabler/icons-react';
import type { DataOf } from '../../api/calls.ts';
import { AsOf } from '../../ui/time.tsx';

type Check = DataOf<'checkDestination'>['check'];

const LOOKS = {
  accepted: { colour: 'teal', Icon: IconCircleCheck, title: (tool: string) => `${tool} takes these credentials` },
  refused: { colour: 'red', Icon: IconCircleX, title: (tool: string) => `${tool} does not take these credentials` },
  'not-asked': { colour: 'blue', Icon: IconInfoCircle, title: (tool: string) => `${tool} was not asked` },
  'not-offered': { colour: 'blue', Icon: IconInfoCircle, title: (tool: string) => `${tool} offers no check` },
} as const;

/** What the tool said when it was asked whether it takes the credentials: its own words and status. */
export function CheckOutcome({ check, tool }: { check: Check; tool: string }) {
  const { colour, Icon, title } = LOOKS[check.outcome];
  return (
    <Alert color={colour} icon={<Icon size={18} aria-hidden="true" />} title={title(tool)} role="status" py="sm">
      <Text size="sm">
        {check.status !== undefined && <b>It answered {check.status}. </b>}
        {check.outcome === 'not-offered' ? 'Send it a test event to see whether it takes them.' : check.message}
      </Text>
      <AsOf at={check.checkedAt} />
    </Alert>
  );
}
