import { ActionIcon, Button, Group, Menu, Paper, Text, Tooltip } from '@mantine/core';
import {
  IconBell,
  IconBellOff,
  IconChevronRight,
  IconDots,
  IconExternalLink,
  IconPlayerPause,
  IconTrash,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAll, useChange } from '../../api/calls.ts';
import { environmentsOf, type Label } from '../../api/me.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Count } from '../../ui/count.tsx';
import { counted } from '../../ui/format.ts';
import { AppLink, TextLink } from '../../ui/link.tsx';
import { stateOf } from '../../ui/state.ts';
import { Chip, StatusBadge } from '../../ui/status.tsx';
import { Ago } from '../../ui/time.tsx';
import { toast } from '../../ui/toast.tsx';
import { ReplayButton } from '../replays/replay-button.tsx';
import { Changes } from './changes.tsx';
import { AdviceText } from '../delivery/advice-text.tsx';
import classes from './health.module.css';
import {
  causeOf,
  type Group as HealthGroup,
  kindOf,
  type Line,
  lineKey,
  shareWords,
  type Thing,
} from './health-words.ts';

const DAY_MS = 86_400_000;
const MUTES = [
  { label: 'For a day', ms: DAY_MS },
  { label: 'For a week', ms: 7 * DAY_MS },
  { label: 'For a quarter', ms: 90 * DAY_MS },
] as const;

export type ThingCardProps = {
  thing: Thing;
  group: HealthGroup['group'];
  workspace: string;
  labels: readonly Label[];
  isMutedList: boolean;
  onMute: (line: Line, until: string | undefined) => void;
};

/** Something that is not well: what is wrong with it, since when, why, and what can be done from here. */
export function ThingCard({ thing, group, workspace, labels, isMutedList, onMute }: ThingCardProps) {
  const base = pathOf(thing, group);
  const environments = environmentsOf(labels);
  return (
    <Paper withBorder className={classes['thing']} component="article" aria-label={thing.name}>
      <div className={classes['head']}>
        <Group gap="xs" style={{ minWidth: 0 }}>
          {base === undefined ? (
            <Text fw={620}>{thing.name}</Text>
          ) : (
            <TextLink to={`/${workspace}${base}`} fw={620} size="md" c="inherit">
              {thing.name}
            </TextLink>
          )}
          <Text size="sm" c="dimmed">
            {thing.type}
          </Text>
          {environments.map((environment) => (
            <Chip key={environment}>{environment}</Chip>
          ))}
          {group !== 'PLATFORM' && (
            <StatusBadge state={stateOf(thing.state)} of={group === 'SOURCES' ? 'source' : 'destination'} />
          )}
        </Group>
        <ThingMenu thing={thing} base={base} workspace={workspace} isSource={group === 'SOURCES'} />
      </div>
      <ul className={classes['lines']}>
        {thing.lines.map((line) => (
          <LineView
            key={lineKey(thing.id, line)}
            line={line}
            thing={thing}
            group={group}
            workspace={workspace}
            labels={labels}
            isMuted={isMutedList}
            onMute={onMute}
          />
        ))}
      </ul>
    </Paper>
  );
}

/** The way to its pages; the platform has none. */
function pathOf({ id }: Thing, group: HealthGroup['group']): string | undefined {
  if (group === 'SOURCES') return `/sources/${id}`;
  return group === 'PLATFORM' ? undefined : `/destinations/${id}`;
}

function LineView({
  line,
  thing,
  group,
  workspace,
  labels,
  isMuted,
  onMute,
}: Omit<ThingCardProps, 'isMutedList'> & { line: Line; isMuted: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const { kinds, code, count, firstSeenAt, lastSeenAt, advice, link, changes } = line;
  const [linkPath = '', linkQuery = ''] = link.split('?');
  const share = shareWords(line);
  const sourceId = thing.sourceId ?? thing.id;
  return (
    <li className={classes['line']}>
      <div className={classes['what']}>
        <Group gap={6}>
          {kinds.map((kind) => (
            <Tooltip key={kind} label={kindOf(line, kind).means}>
              <span>
                <Chip tone={kindOf(line, kind).tone}>{kindOf(line, kind).word}</Chip>
              </span>
            </Tooltip>
          ))}
          <Text size="sm" fw={600}>
            {causeOf(line)}
          </Text>
          <Text size="xs" c="dimmed" ff="monospace">
            {code}
          </Text>
        </Group>
        <Text size="sm" c="dimmed" mt={4}>
          <AdviceText text={advice} />
        </Text>
        <dl className={classes['facts']}>
          <div>
            <dt>Since</dt>
            <dd>
              <Ago at={firstSeenAt} />
            </dd>
          </div>
          <div>
            <dt>Last seen</dt>
            <dd>
              <Ago at={lastSeenAt} />
            </dd>
          </div>
          <div>
            <dt>In 24 hours</dt>
            <dd>
              <Count value={count} />
              {share !== undefined && <span className={classes['share']}>{share}</span>}
            </dd>
          </div>
        </dl>
        {changes !== null && changes.length > 0 && (
          <>
            <Button
              variant="subtle"
              size="compact-sm"
              ml={-8}
              mt={6}
              aria-expanded={isOpen}
              leftSection={
                <IconChevronRight size={14} aria-hidden="true" className={isOpen ? classes['open'] : undefined} />
              }
              onClick={() => setOpen(!isOpen)}
            >
              {counted(changes.length, 'change')} just before
            </Button>
            {isOpen && <Changes changes={changes} thing={thing} sourceId={sourceId} />}
          </>
        )}
      </div>
      <div className={classes['do']}>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconExternalLink size={14} aria-hidden="true" />}
          renderRoot={(props: object) => (
            <AppLink
              to={`/${workspace}${linkPath}`}
              search={Object.fromEntries(new URLSearchParams(linkQuery))}
              {...props}
            />
          )}
        >
          {group === 'DESTINATIONS' ? 'Open payloads' : 'Open'}
        </Button>
        {group === 'DESTINATIONS' && (
          <ReplayButton
            destinationId={thing.id}
            source={{ id: sourceId, labels }}
            filter={{ of: 'DEAD_LETTERS', from: firstSeenAt, codes: [code] }}
            what={`what ended as ${code}`}
            variant="default"
          />
        )}
        {isMuted ? (
          <Button
            size="xs"
            variant="subtle"
            leftSection={<IconBell size={14} aria-hidden="true" />}
            onClick={() => onMute(line, undefined)}
          >
            Unmute
          </Button>
        ) : (
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon aria-label={`Mute ${causeOf(line)} of ${thing.name}`}>
                <IconBellOff size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Label>Hide this line from you</Menu.Label>
              {MUTES.map(({ label, ms }) => (
                <Menu.Item key={label} onClick={() => onMute(line, new Date(Date.now() + ms).toISOString())}>
                  {label}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
    </li>
  );
}

function ThingMenu({
  thing,
  base,
  workspace,
  isSource,
}: {
  thing: Thing;
  base: string | undefined;
  workspace: string;
  isSource: boolean;
}) {
  const navigate = useNavigate();
  const [asking, ask] = useState<'DISABLE' | 'DELETE'>();
  if (base === undefined) return null;
  const go = (path: string) => void navigate({ to: `/${workspace}${base}${path}` });
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={`More of ${thing.name}`}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconBell size={14} />} onClick={() => go('/alerts')}>
            Create alert
          </Menu.Item>
          {thing.actions.includes('DISABLE') && (
            <Menu.Item leftSection={<IconPlayerPause size={14} />} onClick={() => ask('DISABLE')}>
              Disable
            </Menu.Item>
          )}
          {thing.actions.includes('DELETE') && (
            <Menu.Item
              color="var(--mantine-color-error)"
              leftSection={<IconTrash size={14} />}
              onClick={() => ask('DELETE')}
            >
              Delete
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {asking !== undefined && (
        <StopThing thing={thing} isSource={isSource} what={asking} onClose={() => ask(undefined)} />
      )}
    </>
  );
}

/** Asks before something is switched off or deleted, and names what stops by it. */
function StopThing({
  thing,
  isSource,
  what,
  onClose,
}: {
  thing: Thing;
  isSource: boolean;
  what: 'DISABLE' | 'DELETE';
  onClose: () => void;
}) {
  const onDone = () => {
    toast(what === 'DELETE' ? `${thing.name} deleted` : `${thing.name} is switched off`);
    onClose();
  };
  const disableSource = useChange('updateAppSource', { onDone });
  const disableDestination = useChange('updateAppDestination', { onDone });
  const deleteSource = useChange('deleteSource', { onDone });
  const deleteDestination = useChange('deleteDestination', { onDone });
  const fed = useAll(
    'listConnectedDestinationsFromSource',
    'destinations',
    { path: { sourceId: thing.id } },
    { enabled: isSource },
  );
  const mappings = useAll(
    'listSubscriptionsFromDestination',
    'subscriptions',
    { path: { destinationId: thing.id } },
    { enabled: !isSource },
  );
  const change = isSource
    ? what === 'DELETE'
      ? deleteSource
      : disableSource
    : what === 'DELETE'
      ? deleteDestination
      : disableDestination;
  const confirm = () => {
    if (isSource) {
      const path = { sourceId: thing.id };
      if (what === 'DELETE') deleteSource.mutate({ path });
      else disableSource.mutate({ path, body: { enabled: false } });
      return;
    }
    const path = { destinationId: thing.id };
    if (what === 'DELETE') deleteDestination.mutate({ path });
    else disableDestination.mutate({ path, body: { enabled: false } });
  };
  const verb = what === 'DELETE' ? 'Delete' : 'Disable';
  return (
    <Confirm
      opened
      onClose={onClose}
      title={`${verb} ${thing.name}`}
      button={verb}
      onConfirm={confirm}
      isPending={change.isPending}
      error={change.error}
      {...(what === 'DELETE' && { typed: thing.name })}
    >
      {isSource ? (
        <>
          Nothing more is taken from it, so that {counted(fed.data?.length ?? 0, 'destination')}{' '}
          {fed.data !== undefined && fed.data.length > 0 && `(${namesOf(fed.data)}) `}get nothing of it.
        </>
      ) : (
        <>
          {counted(mappings.data?.filter(({ enabled }) => enabled).length ?? 0, 'mapping')}{' '}
          {mappings.data !== undefined && mappings.data.length > 0 && `(${namesOf(mappings.data)}) `}
          {what === 'DELETE' ? 'go, and nothing more is sent.' : 'stop sending.'} What waits is kept for 30 days.
        </>
      )}
      {what === 'DELETE' && ' This cannot be taken back.'}
    </Confirm>
  );
}

const NAMES_SHOWN = 5;
const namesOf = (things: readonly { id: string; name?: string | undefined }[]): string => {
  const names = things.slice(0, NAMES_SHOWN).map(({ id, name }) => name ?? id);
  return things.length > NAMES_SHOWN ? `${names.join(', ')} and ${things.length - NAMES_SHOWN} more` : names.join(', ');
};
