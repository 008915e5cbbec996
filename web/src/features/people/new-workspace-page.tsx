import { Button, Group, Paper, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiError } from '../../../../shared/api/api-error.ts';
import { AccountMenu } from '../../app/account-menu.tsx';
import { fieldErrors, useChange } from '../../api/calls.ts';
import { useMe } from '../../api/me.ts';
import { ErrorLine } from '../../ui/states.tsx';
import { Bare, Lead } from './bare.tsx';
import { slugOf } from './slug-of.ts';

const NAME_CHARS_MAX = 128;

/** Makes a workspace whose owner is who makes it. */
export function NewWorkspacePage() {
  const me = useMe();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [chosenSlug, setSlug] = useState<string>();
  const slug = chosenSlug ?? slugOf(name);
  const create = useChange('createWorkspace', {
    stale: ['getMe', 'listWorkspaces'],
    onDone: ({ workspace }) => {
      void queries
        .refetchQueries({ queryKey: ['', 'getMe'] })
        .then(async () => await navigate({ to: '/$workspace/overview', params: { workspace: workspace.slug } }));
    },
  });
  const errors = fieldErrors(create.error);
  const slugError = errors['slug'] ?? (isTaken(create.error) ? create.error?.message : undefined);
  return (
    <Bare account={<AccountMenu />}>
      <Lead title="Create a workspace">
        You will be its owner. It begins empty, with the environments dev and prod.
      </Lead>
      {me.data?.mayCreateWorkspaces === false ? (
        <Paper withBorder p="lg" data-face="locked">
          Workspaces are made by the owner of this deployment and by owners of other workspaces. Ask one of them.
        </Paper>
      ) : (
        <Paper withBorder p="lg">
          <form
            onSubmit={(event) => {
              event.preventDefault();
              create.mutate({ body: { name: name.trim(), slug } });
            }}
          >
            <Stack gap="md">
              <TextInput
                label="Name"
                placeholder="Acme shop"
                value={name}
                onChange={({ currentTarget }) => setName(currentTarget.value)}
                maxLength={NAME_CHARS_MAX}
                error={errors['name']}
                required
                data-autofocus
              />
              <TextInput
                label="Slug"
                description={`Stands in the address: ${location.host}/${slug === '' ? 'acme-shop' : slug}`}
                placeholder="acme-shop"
                value={slug}
                onChange={({ currentTarget }) => setSlug(currentTarget.value)}
                error={slugError}
                required
              />
              {Object.keys(errors).length === 0 && slugError === undefined && <ErrorLine error={create.error} />}
              <Group justify="flex-end">
                <Button component={Link} to="/" variant="default">
                  Cancel
                </Button>
                <Button type="submit" loading={create.isPending} disabled={name.trim() === '' || slug === ''}>
                  Create workspace
                </Button>
              </Group>
            </Stack>
          </form>
        </Paper>
      )}
    </Bare>
  );
}

const isTaken = (error: Error | null): boolean =>
  error instanceof ApiError && error.status === 409 && /slug/i.test(error.message);
