import { Skeleton, Title, Text, Group } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useAll, useWorkspaceSlug } from '../../api/calls.ts';
import { AppLink, TextLink } from '../../ui/link.tsx';
import { Action } from '../../ui/locked.tsx';
import { Logo } from '../../ui/logo.tsx';
import { DocLink } from '../../ui/states.tsx';
import classes from './overview.module.css';

const GHOST_ROWS = 5;

/** Where tiles and cards will be. */
export function OverviewGhost() {
  return (
    <div role="status" aria-label="Loading the overview" data-face="loading">
      <div className={classes['strip']}>
        {Array.from({ length: 4 }, (_, index) => (
          <div key={index} className={classes['tile']} style={{ minHeight: 97 }}>
            <Skeleton height={10} width={96} />
            <span />
            <Skeleton height={22} width={84} mt={6} />
            <Skeleton height={22} width={92} mt={6} />
            <Skeleton height={10} width={130} mt={8} />
          </div>
        ))}
      </div>
      <div className={classes['ghostGraph']}>
        {['sources', 'destinations'].map((side) => (
          <div key={side}>
            <Skeleton height={12} width={90} my={16} />
            {Array.from({ length: GHOST_ROWS }, (_, index) => (
              <Group key={index} className={classes['ghost']} px={12} mb={10} gap={10} wrap="nowrap">
                <Skeleton height={30} width={30} radius={7} />
                <div style={{ flex: 1 }}>
                  <Skeleton height={11} width={`${68 - ((index * 13) % 30)}%`} />
                  <Skeleton height={9} width="40%" mt={7} />
                </div>
              </Group>
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

/** A workspace without a source (A05): what this page will show, and the button that begins it. `isTold`: the checklist above has it already. */
export function NoSourcesYet({ demo, isTold }: { demo: string | undefined; isTold: boolean }) {
  const slug = useWorkspaceSlug() ?? '';
  const navigate = useNavigate();
  return (
    <section className={classes['hero']} data-face="empty" aria-label="No sources yet">
      <div>
        <Title order={2} size="22px">
          Add a source to see your events flow
        </Title>
        <Text c="dimmed" mt={8} mb={20}>
          Each website, app or server that you add stands on the left, each tool that gets its events on the right. The
          lines between them show what flows, live, and turn red where something fails.
        </Text>
        <Group gap="md">
          {!isTold && (
            <Action
              right="source.create"
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={() => void navigate({ to: `/${slug}/sources/new` })}
            >
              Add source
            </Action>
          )}
          {!isTold && demo !== undefined && <TextLink to={`/${demo}/overview`}>Look at the demo</TextLink>}
          <DocLink page="architecture">How events travel</DocLink>
        </Group>
      </div>
      <HeroArt />
    </section>
  );
}

const LEFT = [34, 104, 174] as const;
const LINES = [
  [34, 34, false],
  [34, 104, false],
  [104, 104, false],
  [174, 174, true],
] as const;

/** Two columns of cards and lines between them: a drawing of the page to come. */
function HeroArt() {
  return (
    <svg className={classes['heroArt']} viewBox="0 0 420 208" aria-hidden="true">
      {LINES.map(([from, to, isIdle]) => (
        <path
          key={`${from} ${to}`}
          d={`M138,${from}C210,${from} 210,${to} 282,${to}`}
          className={classes['artLine']}
          data-idle={isIdle}
        />
      ))}
      {LEFT.flatMap((y) => [<ArtCard key={`l${y}`} x={4} y={y} />, <ArtCard key={`r${y}`} x={282} y={y} />])}
    </svg>
  );
}

function ArtCard({ x, y }: { x: number; y: number }) {
  return (
    <g>
      <rect x={x} y={y - 24} width={134} height={48} rx={9} className={classes['artCard']} />
      <rect x={x + 12} y={y - 11} width={22} height={22} rx={6} className={classes['artMark']} />
      <rect x={x + 44} y={y - 9} width={x > 200 ? 62 : 70} height={7} rx={3.5} className={classes['artText']} />
      <rect x={x + 44} y={y + 4} width={42} height={6} rx={3} className={classes['artMark']} />
    </g>
  );
}

/** What is connected, without a number: what is left of the page where its numbers cannot be had. */
export function WithoutCounts() {
  const slug = useWorkspaceSlug() ?? '';
  const sources = useAll('listSources', 'sources');
  const destinations = useAll('listDestinations', 'destinations');
  const sides = [
    { title: 'Sources', path: 'sources', things: sources.data },
    { title: 'Destinations', path: 'destinations', things: destinations.data },
  ];
  if (sources.data === undefined && destinations.data === undefined) return null;
  return (
    <div className={classes['below']}>
      {sides.map(({ title, path, things = [] }) => (
        <section key={path} aria-label={title}>
          <div className={classes['boxHead']}>
            <Title order={2}>{title}</Title>
            <Text size="sm" c="dimmed">
              without counts
            </Text>
          </div>
          <div className={classes['box']}>
            <ul className={classes['rows']} aria-label={title}>
              {things.map(({ id, name, metadata, ...more }) => (
                <li key={id} className={classes['row']}>
                  <Logo slug={metadata.slug} name={name ?? metadata.name} size={22} />
                  <span className={classes['rowText']}>
                    <AppLink to={`/${slug}/${path}/${id}`} className={classes['rowLink']}>
                      {name ?? ('slug' in more ? more.slug : metadata.name)}
                    </AppLink>
                  </span>
                  {!more.enabled && (
                    <Text size="xs" c="dimmed">
                      Disabled
                    </Text>
                  )}
                </li>
              ))}
            </ul>
          </div>
        </section>
      ))}
    </div>
  );
}
