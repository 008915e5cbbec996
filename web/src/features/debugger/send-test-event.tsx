import { Button, Group, Modal, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useChange } from '../../api/calls.ts';
import { JsonEditor } from '../../ui/json-editor.tsx';
import { readJson } from '../../ui/json-text.ts';
import { ErrorLine } from '../../ui/states.tsx';

const TEMPLATES = {
  track: {
    type: 'track',
    event: 'Order Completed',
    userId: 'test-user',
    properties: { order_id: 'test-1', total: 49.9, currency: 'EUR' },
  },
  identify: { type: 'identify', userId: 'test-user', traits: { email: 'test@example.com', plan: 'pro' } },
  page: { type: 'page', name: 'Home', userId: 'test-user', properties: { path: '/', url: 'https://example.com/' } },
  group: { type: 'group', userId: 'test-user', groupId: 'test-group', traits: { name: 'Example' } },
} as const;
type Kind = keyof typeof TEMPLATES;
const templateOf = (kind: Kind): string => JSON.stringify(TEMPLATES[kind], null, 2);

/** Sends an event as a client of the source would; it is judged, delivered and counted as any other. */
export function SendTestEvent({
  sourceId,
  opened,
  onClose,
  onSent,
}: {
  sourceId: string;
  opened: boolean;
  onClose: () => void;
  onSent: (intakeId: string, messageId: string) => void;
}) {
  const [kind, setKind] = useState<Kind>('track');
  const [text, setText] = useState(templateOf('track'));
  const send = useChange('createTestEvent', {
    stale: [],
    onDone: ({ intakeId, messageId }) => {
      onClose();
      onSent(intakeId, messageId);
    },
  });
  const read = readJson(text);
  const event =
    read.isJson && typeof read.value === 'object' && read.value !== null && !Array.isArray(read.value)
      ? read.value
      : undefined;
  return (
    <Modal opened={opened} onClose={onClose} title="Send a test event" size="lg">
      <Stack gap="sm">
        <Text size="sm">
          It goes the way of every event: it is judged, counted, and <b>sent to all destinations that want it</b>.
        </Text>
        <SegmentedControl
          size="xs"
          aria-label="Start from"
          transitionDuration={0}
          value={kind}
          onChange={(next) => {
            setKind(next);
            setText(templateOf(next));
          }}
          data={[
            { value: 'track', label: 'Track' },
            { value: 'identify', label: 'Identify' },
            { value: 'page', label: 'Page' },
            { value: 'group', label: 'Group' },
          ]}
        />
        <JsonEditor
          label="Event"
          value={text}
          onChange={setText}
          maxHeight={340}
          error={read.isJson && event === undefined ? 'An event is a JSON object' : undefined}
        />
        <ErrorLine error={send.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            disabled={event === undefined}
            loading={send.isPending}
            onClick={() =>
              event !== undefined &&
              send.mutate({ path: { sourceId }, body: { event: event as Record<string, unknown> } })
            }
          >
            Send event
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
