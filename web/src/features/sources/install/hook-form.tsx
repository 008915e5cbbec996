import { Button, Group, Paper, Select, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { fieldErrors, useChange } from '../../../api/calls.ts';
import { Action } from '../../../ui/locked.tsx';
import { Section } from '../../../ui/page.tsx';
import { ErrorLine } from '../../../ui/states.tsx';
import { Chip } from '../../../ui/status.tsx';
import { toast } from '../../../ui/toast.tsx';
import type { AppSource } from '../use-source.ts';
import {
  DEFAULT_MAPPING,
  EXAMPLES,
  type Hook,
  type HookDraft,
  hookDraft,
  rulesOf,
  SCHEMES,
  signatureOf,
} from './hook-draft.ts';
import { HookPreview } from './hook-preview.tsx';
import { SignatureFields } from './signature-fields.tsx';

/** Mapping and signature of a webhook source, with what the last post would become by them. */
export function HookForm({ source, hook }: { source: AppSource; hook: Hook }) {
  const path = { sourceId: source.id };
  const [draft, setDraft] = useState<HookDraft>(() => hookDraft(hook));
  const set = (change: Partial<HookDraft>): void => setDraft((before) => ({ ...before, ...change }));
  const made = rulesOf(draft);
  const save = useChange('replaceSourceHook', {
    stale: ['getSourceHook'],
    onDone: ({ hook: saved }) => {
      setDraft(hookDraft(saved));
      toast('Saved: it holds for what is posted from now on');
    },
  });
  const reset = useChange('removeSourceHook', {
    stale: ['getSourceHook'],
    onDone: () => {
      setDraft(hookDraft({ mapping: {}, isDefault: true }));
      toast('Every post is one event again, unsigned');
    },
  });
  const errors = fieldErrors(save.error);
  const isChanged = JSON.stringify(draft) !== JSON.stringify(hookDraft(hook));
  const signature = signatureOf(draft);
  const lacksSecret = signature !== null && signature.secrets.length === 0;
  const tidy = (): void => {
    if ('rules' in made && draft.mapping.trim() !== '') set({ mapping: JSON.stringify(made.rules.mapping, null, 2) });
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if ('rules' in made) save.mutate({ path, body: { ...made.rules, signature } });
      }}
    >
      <Section
        title="Mapping"
        about="An expression for each field of the event. It sees $.body and $.headers."
        actions={
          <Select
            aria-label="Begin with an example"
            placeholder="Begin with an example"
            size="xs"
            w={220}
            data={EXAMPLES.map(({ name }) => name)}
            value={null}
            onChange={(name) => {
              const example = EXAMPLES.find((one) => one.name === name);
              if (example !== undefined) set(example.draft);
            }}
          />
        }
      >
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
          <Stack gap="sm">
            <Textarea
              aria-label="Mapping"
              autosize
              minRows={11}
              maxRows={28}
              spellCheck={false}
              placeholder={JSON.stringify(DEFAULT_MAPPING, null, 2)}
              styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12.5 } }}
              value={draft.mapping}
              error={'fault' in made ? made.fault : mappingError(errors)}
              onChange={({ currentTarget }) => set({ mapping: currentTarget.value })}
              onBlur={tidy}
            />
            <Group grow align="flex-start">
              <TextInput
                label="Several events of one post"
                description="The path of a list, such as $.body.items"
                value={draft.each}
                error={errors['each']}
                onChange={({ currentTarget }) => set({ each: currentTarget.value })}
              />
              <TextInput
                label="Header that names a delivery"
                description="What comes twice with it is one event"
                value={draft.eventIdHeader}
                error={errors['eventIdHeader']}
                onChange={({ currentTarget }) => set({ eventIdHeader: currentTarget.value })}
              />
            </Group>
          </Stack>
          <HookPreview source={source} rules={'rules' in made ? made.rules : undefined} />
        </SimpleGrid>
      </Section>
      <Section
        title="Signature"
        about={SCHEMES.find(({ value }) => value === draft.scheme)?.about}
        actions={hook.signature !== undefined ? <Chip tone="good">In force</Chip> : <Chip tone="warn">Unsigned</Chip>}
      >
        <Paper withBorder p="md">
          <SignatureFields draft={draft} onChange={set} errors={errors} />
        </Paper>
      </Section>
      <Group justify="space-between" mb="xl">
        <Group gap="xs">
          <Action
            right="source.edit"
            source={source}
            type="submit"
            loading={save.isPending}
            disabled={!isChanged || 'fault' in made || lacksSecret}
          >
            Save
          </Action>
          {isChanged && (
            <Button variant="subtle" onClick={() => setDraft(hookDraft(hook))}>
              Discard changes
            </Button>
          )}
          {lacksSecret && (
            <Text size="sm" c="dimmed">
              A signature needs its secret.
            </Text>
          )}
        </Group>
        {!hook.isDefault && (
          <Action
            right="source.edit"
            source={source}
            variant="subtle"
            color="red"
            loading={reset.isPending}
            onClick={() => reset.mutate({ path })}
          >
            Go back to the default
          </Action>
        )}
      </Group>
      <ErrorLine error={save.error ?? reset.error} />
    </form>
  );
}

const mappingError = (errors: Readonly<Record<string, string>>): string | undefined => {
  const [field, message] = Object.entries(errors).find(([name]) => name.startsWith('mapping')) ?? [];
  return field === undefined ? undefined : `${field}: ${message}`;
};
