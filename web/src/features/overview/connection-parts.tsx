import { Skeleton, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useAll, useCall } from '../../api/calls.ts';
import { counted, exact } from '../../ui/format.ts';
import { AppLink, TextLink } from '../../ui/link.tsx';
import { Failed } from '../../ui/states.tsx';
import { Chip } from '../../ui/status.tsx';
import type { Range } from '../../ui/time-range.tsx';
import { AdviceText } from '../delivery/advice-text.tsx';
import { codeWords } from '../delivery/code-words.ts';
import { conditionWords, triggerWords } from '../delivery/condition-words.ts';
import { filterWords } from './filter-words.ts';
import own from './connection.module.css';
import classes from './overview.module.css';
import type { Connection } from './overview.ts';

/** Of each kind; the rest is on the page of its own. */
const SHOWN_MAX = 5;

function Part({ title, count, children }: { title: string; count?: number | undefined; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <Text size="sm" fw={600} mb={6}>
        {title}{' '}
        {count !== undefined && (
          <Text span size="sm" c="dimmed">
            {count}
          </Text>
        )}
      </Text>
      {children}
    </section>
  );
}

type IssuesProps = { destinationId: string; range: Range; base: string; connection: Connection };

/** Why tries fail, most first, each leading to payload and answer. Nothing where none failed. */
export function ConnectionIssues({ destinationId, range, base, connection }: IssuesProps) {
  const isAsked = connection.failed > 0 || connection.failedShare > 0;
  const issues = useCall(
    'listDeliveryIssues',
    { query: { destinationId, range: range as '1h', pagination: { count: SHOWN_MAX } } },
    { enabled: isAsked, keep: true },
  );
  if (!isAsked || issues.data?.issues.length === 0) return null;
  return (
    <Part title="Why it fails">
      {issues.isError && <Failed what="Reasons" error={issues.error} onRetry={() => void issues.refetch()} />}
      {issues.isPending && <Skeleton height={62} radius="md" />}
      {issues.data?.issues.slice(0, SHOWN_MAX).map(({ id, code, message, count, advice }) => (
        <AppLink key={id} to={`${base}/delivery`} search={{ range, issue: id }} className={own['issue']}>
          <Text size="sm" fw={600} component="div">
            {codeWords(code)}{' '}
            <Text span size="xs" fw={500}>
              {code}
            </Text>
          </Text>
          {message !== '' && message !== code && (
            <Text size="xs" component="div" lineClamp={2}>
              “{message}”
            </Text>
          )}
          <Text size="xs" component="div" mt={4}>
            {exact(count)} {count === 1 ? 'try' : 'tries'} · <AdviceText text={advice} />
          </Text>
        </AppLink>
      ))}
    </Part>
  );
}

type ListProps = { destinationId: string; base: string };

/** What is sent, by mapping: when, in words. */
export function ConnectionMappings({ destinationId, base }: ListProps) {
  const mappings = useAll('listSubscriptionsFromDestination', 'subscriptions', { path: { destinationId } });
  const all = mappings.data ?? [];
  return (
    <Part title="Mappings" count={mappings.data?.length}>
      {mappings.isError && <Failed what="Mappings" error={mappings.error} onRetry={() => void mappings.refetch()} />}
      {mappings.isPending && <Skeleton height={52} radius="md" />}
      {mappings.data?.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing is sent: it has no mappings.{' '}
          <TextLink to={`${base}/mappings`} underline="always">
            Add one
          </TextLink>
        </Text>
      )}
      {all.length > 0 && (
        <div className={classes['box']}>
          <ul className={classes['rows']} aria-label="Mappings">
            {all.slice(0, SHOWN_MAX).map(({ id, name, trigger, enabled }) => (
              <li key={id} className={classes['row']}>
                <span className={classes['rowText']}>
                  <AppLink to={`${base}/mappings/${id}`} className={classes['rowLink']}>
                    {name}
                  </AppLink>
                  <Text size="xs" c="dimmed" component="div" lineClamp={2}>
                    {triggerWords(trigger)}
                  </Text>
                </span>
                {enabled ? <Chip tone="good">On</Chip> : <Chip>Off</Chip>}
              </li>
            ))}
          </ul>
        </div>
      )}
      <Rest of={all.length} what="mapping" to={`${base}/mappings`} />
    </Part>
  );
}

/** What is kept back or taken out before anything is sent. */
export function ConnectionFilters({ destinationId, base }: ListProps) {
  const filters = useAll('listFiltersFromDestination', 'filters', { path: { destinationId } });
  const all = filters.data ?? [];
  return (
    <Part title="Filters" count={filters.data?.length}>
      {filters.isError && <Failed what="Filters" error={filters.error} onRetry={() => void filters.refetch()} />}
      {filters.isPending && <Skeleton height={32} radius="md" />}
      {filters.data?.length === 0 && (
        <Text size="sm" c="dimmed">
          None: every event of the source comes to the mappings.{' '}
          <TextLink to={`${base}/filters`} underline="always">
            Add one
          </TextLink>
        </Text>
      )}
      {all.length > 0 && (
        <div className={classes['box']}>
          <ul className={classes['rows']} aria-label="Filters">
            {all.slice(0, SHOWN_MAX).map((filter) => (
              <li key={filter.id} className={classes['row']}>
                <Stack gap={0} className={classes['rowText']}>
                  <AppLink to={`${base}/filters/${filter.id}`} className={classes['rowLink']}>
                    {filter.title}
                  </AppLink>
                  <Text size="xs" c="dimmed" component="div" lineClamp={2}>
                    {filterWords(filter.actions)} where {conditionWords(filter.if)}
                  </Text>
                </Stack>
                {filter.enabled ? <Chip tone="good">On</Chip> : <Chip>Off</Chip>}
              </li>
            ))}
          </ul>
        </div>
      )}
      <Rest of={all.length} what="filter" to={`${base}/filters`} />
    </Part>
  );
}

function Rest({ of, what, to }: { of: number; what: string; to: string }) {
  if (of <= SHOWN_MAX) return null;
  return (
    <TextLink to={to} mt={6} display="inline-block">
      {counted(of - SHOWN_MAX, `more ${what}`)}
    </TextLink>
  );
}
