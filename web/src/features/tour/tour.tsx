import { Button, CloseButton, Group, Paper, Portal, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { callQuery, useChange } from '../../api/calls.ts';
import { useAnchor } from './use-anchor.ts';
import classes from './tour.module.css';
import { TOUR_STEPS } from './tour-steps.ts';

/** Of a workspace, not of a source. */
const OVERVIEW = /^\/[^/]+\/overview$/;

/**
 * Shown at the first visit: five notes beside what they are about. It takes no focus and leaves other pages alone, so that whoever wants to work works; Esc and Skip
 * end it for good. The help menu starts it again.
 */
export function Tour() {
  const [at, setAt] = useState(0);
  const queries = useQueryClient();
  const save = useChange('updateMyPreferences', { stale: [] });
  const step = TOUR_STEPS[at];
  // Beside what it is about on the page where people begin; elsewhere they work, and it keeps to the corner.
  const isAtHome = useLocation({ select: ({ pathname }) => OVERVIEW.test(pathname) });
  const place = useAnchor(isAtHome ? step?.anchor : undefined);
  const end = (): void => {
    const tour = { endedAt: new Date().toISOString(), step: at + 1 };
    // Gone at once, whatever becomes of the request.
    queries.setQueryData(callQuery(undefined, 'getMe').queryKey, (known) =>
      known === undefined ? known : { ...known, preferences: { ...known.preferences, tour } },
    );
    save.mutate({ body: { preferences: { tour } } });
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      // Esc closes what is on top first: a dialog, a menu.
      if (event.key === 'Escape' && document.querySelector('[role="dialog"], [role="menu"]') === null) end();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
  if (step === undefined || place === undefined) return null;
  const isLast = at === TOUR_STEPS.length - 1;
  return (
    <Portal>
      <Paper
        component="aside"
        withBorder
        shadow="md"
        p="md"
        radius="md"
        className={classes.note}
        data-beside={place.beside}
        style={{ left: place.left, top: place.top }}
        aria-label="Tour"
      >
        <Group justify="space-between" wrap="nowrap" mb={4}>
          <Text size="xs" c="dimmed" className="numbers">
            {at + 1} of {TOUR_STEPS.length}
          </Text>
          <CloseButton size="sm" aria-label="Skip the tour" onClick={end} />
        </Group>
        <div aria-live="polite">
          <Text fw={620}>{step.title}</Text>
          <Text size="sm" c="dimmed" mt={2}>
            {step.text}
          </Text>
        </div>
        <Group justify="space-between" mt="md">
          {isLast ? (
            <span />
          ) : (
            <Button variant="subtle" color="gray" size="compact-sm" onClick={end}>
              Skip
            </Button>
          )}
          <Group gap="xs">
            {at > 0 && (
              <Button variant="default" size="xs" onClick={() => setAt(at - 1)}>
                Back
              </Button>
            )}
            <Button size="xs" onClick={() => (isLast ? end() : setAt(at + 1))}>
              {isLast ? 'Done' : 'Next'}
            </Button>
          </Group>
        </Group>
      </Paper>
    </Portal>
  );
}
