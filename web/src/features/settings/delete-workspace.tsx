import { Paper, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useDisclosure } from '@mantine/hooks';
import { useChange } from '../../api/calls.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { localTime } from '../../ui/format.ts';
import { Action } from '../../ui/locked.tsx';
import { Section } from '../../ui/page.tsx';
import { DocLink } from '../../ui/states.tsx';
import { toast, toastError } from '../../ui/toast.tsx';
import { FactRow } from './fact-rows.tsx';
import type { OwnWorkspace } from './general-page.tsx';
import classes from './settings.module.css';

/** The end of a workspace: asked for with its slug, taken back for 5 days (A19). */
export function DeleteWorkspace({ workspace: { name, slug, deletion } }: { workspace: OwnWorkspace }) {
  const queries = useQueryClient();
  const [isAsking, dialog] = useDisclosure(false);
  const refreshMe = (): void => void queries.invalidateQueries({ queryKey: ['', 'getMe'] });
  const remove = useChange('deleteWorkspace', {
    stale: ['getOwnWorkspace'],
    onDone: () => {
      dialog.close();
      refreshMe();
      toast('The workspace will be deleted in 5 days, unless you restore it');
    },
  });
  const restore = useChange('restoreWorkspace', {
    stale: ['getOwnWorkspace'],
    onDone: () => {
      refreshMe();
      toast('The workspace stays');
    },
    onFailed: (error) => toastError('The workspace was not restored', error),
  });
  return (
    <Section title="Delete">
      <Paper withBorder className={classes.danger}>
        {deletion === undefined ? (
          <FactRow
            label="Delete this workspace"
            about={
              <>
                For 5 days everything goes on, and any owner can take it back.{' '}
                <DocLink page="people">What goes when</DocLink>
              </>
            }
          >
            <Action right="workspace.delete" color="red" variant="outline" onClick={dialog.open}>
              Delete workspace
            </Action>
          </FactRow>
        ) : (
          <FactRow
            label={`Will be deleted on ${localTime(deletion.dueAt)}`}
            about={`Asked for by ${deletion.by}, ${localTime(deletion.askedAt)}. Until then everything goes on as before.`}
          >
            <Action right="workspace.delete" loading={restore.isPending} onClick={() => restore.mutate({})}>
              Restore workspace
            </Action>
          </FactRow>
        )}
      </Paper>
      <Confirm
        opened={isAsking}
        onClose={dialog.close}
        title={`Delete ${name}`}
        typed={slug}
        button="Delete workspace"
        isPending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ query: { slug } })}
      >
        <Text size="sm">
          In 5 days its write keys, tokens and members stop working and events are not taken any more; 20 days later
          what is left of its configuration is removed. Any owner can restore it within the 5 days.
        </Text>
      </Confirm>
    </Section>
  );
}
