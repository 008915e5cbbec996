import { ActionIcon, Button, Group, PasswordInput, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { type HookDraft, KEPT, SCHEMES, takesHeader } from './hook-draft.ts';

/** Old and new, while a secret is changed. */
const SECRETS_MAX = 2;

/** How the tool signs what it posts. */
export function SignatureFields({
  draft,
  onChange,
  errors,
}: {
  draft: HookDraft;
  onChange: (change: Partial<HookDraft>) => void;
  errors: Readonly<Record<string, string>>;
}) {
  const { scheme, secrets } = draft;
  const isHmac = scheme === 'hmac-sha256' || scheme === 'hmac-sha1';
  const setSecret = (at: number, value: string): void =>
    onChange({ secrets: secrets.map((one, index) => (index === at ? value : one)) });
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, sm: 2, md: 4 }}>
        <Select
          label="How it is signed"
          data={SCHEMES.map(({ value, label }) => ({ value, label }))}
          value={scheme}
          allowDeselect={false}
          error={errors['signature.scheme']}
          onChange={(value) => {
            const next = SCHEMES.find((one) => one.value === value)?.value ?? '';
            onChange({ scheme: next, secrets: next === '' ? [] : secrets.length === 0 ? [''] : secrets });
          }}
        />
        {scheme !== '' && takesHeader(scheme) && (
          <TextInput
            label="Header"
            placeholder="X-Signature"
            value={draft.header}
            error={errors['signature.header']}
            onChange={({ currentTarget }) => onChange({ header: currentTarget.value })}
          />
        )}
        {scheme !== '' && takesHeader(scheme) && (
          <TextInput
            label="Before it"
            placeholder="sha256="
            value={draft.prefix}
            error={errors['signature.prefix']}
            onChange={({ currentTarget }) => onChange({ prefix: currentTarget.value })}
          />
        )}
        {isHmac && (
          <Select
            label="Written in"
            data={[
              { value: 'hex', label: 'Hex' },
              { value: 'base64', label: 'Base64' },
            ]}
            value={draft.encoding}
            allowDeselect={false}
            onChange={(value) => onChange({ encoding: value === 'base64' ? 'base64' : 'hex' })}
          />
        )}
      </SimpleGrid>
      {scheme !== '' && (
        <Stack gap="xs" maw={520}>
          {secrets.map((secret, at) => (
            // Secrets have no id: their place is what they are.
            // oxlint-disable-next-line react/no-array-index-key
            <Group key={at} gap="xs" align="flex-end" wrap="nowrap">
              {secret === KEPT ? (
                <div style={{ flex: 1 }}>
                  <Text size="sm" fw={550}>
                    {at === 0 ? 'Secret' : 'Old secret'}
                  </Text>
                  <Group gap="xs" h={34}>
                    <Text size="sm">{KEPT} kept, never shown</Text>
                    <Button variant="subtle" size="compact-xs" onClick={() => setSecret(at, '')}>
                      Replace
                    </Button>
                  </Group>
                </div>
              ) : (
                <PasswordInput
                  style={{ flex: 1 }}
                  label={at === 0 ? 'Secret' : 'Old secret'}
                  autoComplete="off"
                  value={secret}
                  error={errors[`signature.secrets.${at}`] ?? errors['signature.secrets']}
                  onChange={({ currentTarget }) => setSecret(at, currentTarget.value)}
                />
              )}
              {secrets.length > 1 && (
                <ActionIcon
                  mb={4}
                  aria-label={`Remove ${at === 0 ? 'secret' : 'old secret'}`}
                  onClick={() => onChange({ secrets: secrets.filter((_, index) => index !== at) })}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              )}
            </Group>
          ))}
          {secrets.length < SECRETS_MAX && secrets[0] === KEPT && (
            <Button
              variant="default"
              size="xs"
              w="fit-content"
              leftSection={<IconPlus size={14} aria-hidden />}
              onClick={() => onChange({ secrets: ['', ...secrets] })}
            >
              Add a new secret beside it
            </Button>
          )}
        </Stack>
      )}
    </Stack>
  );
}
