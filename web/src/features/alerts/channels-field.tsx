import { ActionIcon, Button, Group, Menu, Paper, Stack, Text, TextInput, Tooltip } from '@mantine/core';
import { IconBell, IconBrandSlack, IconMail, IconPlus, IconTrash, IconWebhook } from '@tabler/icons-react';
import type { FC } from 'react';
import { useMe } from '../../api/me.ts';
import { type Channel, CHANNEL_NAMES } from './alert-kinds.ts';

const ICONS: Readonly<Record<Channel['type'], FC<{ size?: number; 'aria-hidden'?: boolean }>>> = {
  IN_APP: IconBell,
  EMAIL: IconMail,
  SLACK: IconBrandSlack,
  WEBHOOK: IconWebhook,
};
const TYPES = ['IN_APP', 'EMAIL', 'SLACK', 'WEBHOOK'] as const;
/** The same as ALERT_CHANNELS_MAX of the domain. */
const CHANNELS_MAX = 5;

/** The channels of an alert: each a line with what it needs. */
export function ChannelsField({
  value,
  onChange,
  errors,
}: {
  value: readonly Channel[];
  onChange: (channels: Channel[]) => void;
  errors: Readonly<Record<string, string>>;
}) {
  const email = useMe().data?.user.email ?? '';
  const change = (at: number, channel: Channel): void =>
    onChange(value.map((one, index) => (index === at ? channel : one)));
  const add = (type: Channel['type']): void => onChange([...value, emptyChannel(type, email)]);
  return (
    <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
      <Text component="legend" size="sm" fw={550} mb={6}>
        Tell people
      </Text>
      <Stack gap="xs">
        {value.map((channel, at) => {
          const Icon = ICONS[channel.type];
          return (
            // Lines have no id of their own: their place is what they are.
            // oxlint-disable-next-line react/no-array-index-key
            <Paper key={at} withBorder px="sm" py={8} radius="md">
              <Group gap="xs" wrap="nowrap" align="flex-start">
                <Group gap={6} wrap="nowrap" w={104} h={34} style={{ flexShrink: 0 }}>
                  <Icon size={16} aria-hidden />
                  <Text size="sm" fw={550}>
                    {CHANNEL_NAMES[channel.type]}
                  </Text>
                </Group>
                <Stack gap={6} style={{ flex: 1, minWidth: 0 }}>
                  <ChannelFields
                    channel={channel}
                    onChange={(next) => change(at, next)}
                    error={(field) => errors[`channels.${at}.${field}`]}
                  />
                </Stack>
                <Tooltip label="Remove">
                  <ActionIcon
                    mt={4}
                    aria-label={`Remove ${CHANNEL_NAMES[channel.type]}`}
                    onClick={() => onChange(value.filter((_, index) => index !== at))}
                  >
                    <IconTrash size={16} />
                  </ActionIcon>
                </Tooltip>
              </Group>
            </Paper>
          );
        })}
        {value.length < CHANNELS_MAX && (
          <Menu position="bottom-start">
            <Menu.Target>
              <Button variant="default" size="xs" w="fit-content" leftSection={<IconPlus size={14} aria-hidden />}>
                Add channel
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {TYPES.filter((type) => type !== 'IN_APP' || !value.some((one) => one.type === 'IN_APP')).map((type) => {
                const Icon = ICONS[type];
                return (
                  <Menu.Item key={type} leftSection={<Icon size={15} aria-hidden />} onClick={() => add(type)}>
                    {CHANNEL_NAMES[type]}
                  </Menu.Item>
                );
              })}
            </Menu.Dropdown>
          </Menu>
        )}
        {errors['channels'] !== undefined && (
          <Text size="sm" c="var(--mantine-color-error)">
            {errors['channels']}
          </Text>
        )}
      </Stack>
    </fieldset>
  );
}

/** A channel as a form begins with it. */
export const emptyChannel = (type: Channel['type'], email: string): Channel => {
  if (type === 'EMAIL') return { type, address: email };
  if (type === 'SLACK') return { type, webhookUrl: '' };
  return type === 'WEBHOOK' ? { type, url: '' } : { type };
};

function ChannelFields({
  channel,
  onChange,
  error,
}: {
  channel: Channel;
  onChange: (channel: Channel) => void;
  error: (field: string) => string | undefined;
}) {
  if (channel.type === 'IN_APP')
    return (
      <Text size="sm" c="dimmed" pt={6}>
        The bell at the top of every page, for who made this alert
      </Text>
    );
  if (channel.type === 'EMAIL')
    return (
      <TextInput
        aria-label="E-mail address"
        type="email"
        value={channel.address}
        placeholder="ops@example.com"
        error={error('address')}
        onChange={({ currentTarget }) => onChange({ ...channel, address: currentTarget.value })}
      />
    );
  if (channel.type === 'SLACK')
    return (
      <>
        <KeptInput
          label="Slack webhook URL"
          host={channel.id === undefined ? undefined : channel.host}
          value={channel.webhookUrl}
          placeholder="https://hooks.slack.com/services/…"
          error={error('webhookUrl')}
          onChange={(webhookUrl) => onChange({ type: 'SLACK', webhookUrl, ...kept('channel', channel.channel) })}
        />
        <TextInput
          aria-label="Slack channel"
          value={channel.channel ?? ''}
          placeholder="#alerts, where the webhook allows another one"
          error={error('channel')}
          onChange={({ currentTarget }) => {
            const { channel: _before, ...rest } = channel;
            onChange({ ...rest, ...kept('channel', currentTarget.value) });
          }}
        />
      </>
    );
  return (
    <>
      <KeptInput
        label="Webhook URL"
        host={channel.id === undefined ? undefined : channel.host}
        value={channel.url}
        placeholder="https://example.com/alerts"
        error={error('url')}
        onChange={(url) => onChange({ type: 'WEBHOOK', url })}
      />
      <TextInput
        aria-label="Signing secret"
        value={channel.secret ?? ''}
        placeholder="Signing secret, optional"
        error={error('secret')}
        autoComplete="off"
        onChange={({ currentTarget }) => {
          const { secret: _before, ...rest } = channel;
          onChange({ ...rest, ...kept('secret', currentTarget.value) });
        }}
      />
    </>
  );
}

const kept = <K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> =>
  value === undefined || value === '' ? {} : ({ [key]: value } as Record<K, string>);

/** An address that is kept and not shown: what is typed takes its place. */
function KeptInput({
  label,
  host,
  value,
  placeholder,
  error,
  onChange,
}: {
  label: string;
  host: string | undefined;
  value: string;
  placeholder: string;
  error: string | undefined;
  onChange: (value: string) => void;
}) {
  if (host === undefined) {
    return (
      <TextInput
        aria-label={label}
        type="url"
        value={value}
        placeholder={placeholder}
        error={error}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    );
  }
  return (
    <Group gap="xs" h={34} wrap="nowrap">
      <Text size="sm" truncate>
        {host} <span aria-hidden="true">••••</span>
      </Text>
      <Button variant="subtle" size="compact-xs" onClick={() => onChange('')}>
        Replace
      </Button>
    </Group>
  );
}
