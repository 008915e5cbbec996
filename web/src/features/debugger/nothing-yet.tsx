import { Group } from '@mantine/core';
import type { DataOf } from '../../api/calls.ts';
import { appConfig } from '../../app/config.ts';
import { Snippet } from '../../ui/copy.tsx';
import { Action } from '../../ui/locked.tsx';
import { DocLink, Empty } from '../../ui/states.tsx';
import { eventAsCurl } from '../trace/copy-as.ts';

const FIRST = { type: 'track', event: 'First event', userId: 'u-1', properties: { from: 'a terminal' } };

/** Nothing has come: how to send the first event, with the real address and key. */
export function NothingYet({ source, onSend }: { source: DataOf<'getAppSource'>['source']; onSend: () => void }) {
  const isHook = source.kind === 'webhook';
  const command = eventAsCurl(FIRST, appConfig().ingestUrl, source.writeKeys[0]?.writeKey ?? 'YOUR_WRITE_KEY');
  return (
    <Empty
      title="No events in the last 24 hours"
      action={
        <Group justify="center">
          {!isHook && (
            <Action right="source.edit" source={source} onClick={onSend}>
              Send a test event
            </Action>
          )}
          <DocLink page="debugger">How the debugger works</DocLink>
        </Group>
      }
    >
      {isHook ? (
        'What the tool posts to the address of this source appears here within two seconds.'
      ) : (
        <>
          Each event appears here within two seconds of being sent. To send one from a terminal:
          <div style={{ marginTop: 12, textAlign: 'left' }}>
            <Snippet code={command ?? ''} what="command" />
          </div>
        </>
      )}
    </Empty>
  );
}
