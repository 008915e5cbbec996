import { Button, Group, Menu } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconChevronDown, IconCode, IconFlask, IconTerminal2 } from '@tabler/icons-react';
import { useCall, useWorkspaceSlug } from '../../api/calls.ts';
import { appConfig } from '../../app/config.ts';
import { AppLink } from '../../ui/link.tsx';
import { toast } from '../../ui/toast.tsx';
import { eventAsCurl, eventAsSdkCall } from './copy-as.ts';
import { nameOf, type Trace } from './outcome.ts';
import { isReplayable, ReplayTarget } from './replay-target.tsx';

/** Stands in a command where its reader may not see the write key. */
const KEY_PLACE = 'YOUR_WRITE_KEY';

/** What can be done with an event: send it again, try it, take it elsewhere. */
export function TraceActions({ trace }: { trace: Trace }) {
  const slug = useWorkspaceSlug() ?? '';
  const source = useCall('getAppSource', { path: { sourceId: trace.sourceId } }, { freshMs: 60_000 });
  const clipboard = useClipboard();
  const copy = (text: string, what: string): void => {
    clipboard.copy(text);
    toast(`${what} copied`);
  };
  const event = trace.payload ?? trace.normalised;
  const key = source.data?.source.writeKeys[0]?.writeKey ?? KEY_PLACE;
  const curl = eventAsCurl(event, appConfig().ingestUrl, key);
  const sdk = eventAsSdkCall(event);
  const [only, ...rest] = trace.destinations.filter(isReplayable);
  const known = trace.destinations.filter(({ name }) => name !== null);
  return (
    <Group gap={8}>
      {only !== undefined && rest.length === 0 && <ReplayTarget trace={trace} target={only} />}
      {event !== null && known.length > 0 && (
        <Menu position="bottom-start">
          <Menu.Target>
            <Button
              variant="default"
              size="xs"
              leftSection={<IconFlask size={14} aria-hidden="true" />}
              rightSection={<IconChevronDown size={13} aria-hidden="true" />}
            >
              Open in tester
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>Tester of</Menu.Label>
            {known.map((target) => (
              <Menu.Item
                key={target.destinationId}
                renderRoot={(props: object) => (
                  <AppLink
                    to={`/${slug}/destinations/${target.destinationId}/tester`}
                    search={{ load: trace.messageId, at: trace.receivedAt }}
                    {...props}
                  />
                )}
              >
                {nameOf(target)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {(curl !== undefined || sdk !== undefined) && (
        <Menu position="bottom-start">
          <Menu.Target>
            <Button variant="default" size="xs" rightSection={<IconChevronDown size={13} aria-hidden="true" />}>
              Copy
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {curl !== undefined && (
              <Menu.Item
                leftSection={<IconTerminal2 size={15} aria-hidden="true" />}
                onClick={() => copy(curl, 'Command')}
              >
                Copy as cURL
              </Menu.Item>
            )}
            {sdk !== undefined && (
              <Menu.Item leftSection={<IconCode size={15} aria-hidden="true" />} onClick={() => copy(sdk, 'Call')}>
                Copy as SDK call
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
    </Group>
  );
}
