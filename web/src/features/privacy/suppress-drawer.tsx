import { Alert, Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { forget, useApi, useWorkspaceSlug } from '../../api/calls.ts';
import { useWork } from '../../api/use-work.ts';
import { counted } from '../../ui/format.ts';
import { ErrorLine } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { SideDrawer } from '../settings/side-drawer.tsx';
import { chunked, USERS_PER_REGULATION_MAX, userIdsIn } from './user-ids.ts';

/** Suppresses users by their ids, as many as are pasted. */
export function SuppressDrawer({ onClose }: { onClose: () => void }) {
  const api = useApi();
  const slug = useWorkspaceSlug();
  const queries = useQueryClient();
  const [pasted, setPasted] = useState('');
  const { ids, tooLong } = userIdsIn(pasted);
  const add = useWork({
    mutationFn: async () => {
      for (const subjectIds of chunked(ids, USERS_PER_REGULATION_MAX)) {
        await api.call('createWorkspaceRegulation', {
          body: { regulationType: 'SUPPRESS_ONLY', subjectType: 'USER_ID', subjectIds },
        });
      }
    },
    onSuccess: () => {
      toast(`${counted(ids.length, 'user')} suppressed: in force within 4 seconds`);
      onClose();
    },
    // What went before a failure is done, too.
    onSettled: async () => await forget(queries, slug, ['listSuppressions', 'listWorkspaceRegulations']),
  });
  return (
    <SideDrawer title="Suppress users" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <Stack gap="lg">
          <Textarea
            label="User ids"
            description="One a line, exactly as your events have them in userId. Paste a column of a spreadsheet."
            placeholder={'4711\nada@example.com'}
            value={pasted}
            onChange={({ currentTarget }) => setPasted(currentTarget.value)}
            error={tooLong > 0 ? `${counted(tooLong, 'id')} longer than an id can be` : undefined}
            autosize
            minRows={6}
            maxRows={16}
            data-autofocus
            required
          />
          <Alert color="gray" title="What it does">
            <Text size="sm">
              Their events are accepted, counted as suppressed, and go nowhere: no destination, no archive, no sample.
              Nothing that tools and archive hold already is deleted. Removing a user again does not bring back what was
              suppressed.
            </Text>
          </Alert>
          <ErrorLine error={add.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={add.isPending} disabled={ids.length === 0 || tooLong > 0}>
              {ids.length === 0 ? 'Suppress' : `Suppress ${counted(ids.length, 'user')}`}
            </Button>
          </Group>
        </Stack>
      </form>
    </SideDrawer>
  );
}
