import { Drawer } from '@mantine/core';
import { text, useParam } from '../../ui/search-params.ts';

export function TraceDrawer() {
  const [event, setEvent] = useParam('event', text);
  return (
    <Drawer opened={event !== undefined} onClose={() => setEvent(undefined)} title={event} position="right" size="xl" />
  );
}
