import { Alert, Select, Stack, Text } from '@mantine/core';
import { ApiError } from '../../../../shared/api/api-error.ts';
import { localTime } from '../../ui/format.ts';
import { text, useParam } from '../../ui/search-params.ts';
import type { Names } from './use-names.ts';

/** How far back an answer of "not found" says that was looked. */
export function lookedBackTo(error: unknown): string | undefined {
  if (!(error instanceof ApiError) || error.status !== 404) return undefined;
  const data = error.entries[0]?.data;
  if (typeof data !== 'object' || data === null || !('lookedBackTo' in data)) return undefined;
  return typeof data.lookedBackTo === 'string' ? data.lookedBackTo : undefined;
}

/** No such event where was looked: says where that was, and where else one can look. */
export function TraceMissing({ messageId, error, names }: { messageId: string; error: unknown; names: Names }) {
  const [source, setSource] = useParam('eventSource', text, { replace: true });
  const back = lookedBackTo(error);
  const where = source === undefined ? 'up to five sources' : (names.sources.get(source)?.name ?? source);
  return (
    <Stack gap="md" data-face="empty">
      <Alert color="gray" title="This event was not found">
        <Text size="sm">
          Looked through {where}
          {back === undefined ? '' : `, back to ${localTime(back)}`}. Events are found by their id alone where their
          source remembers ids, up to 16 days back; else in what was received in the last 24 hours.
        </Text>
        <Text size="sm" mt="xs" style={{ overflowWrap: 'anywhere' }}>
          Message <code>{messageId}</code>
        </Text>
      </Alert>
      <Select
        label="Look in one source"
        description="One source is searched further than all of them"
        placeholder="All sources"
        clearable
        searchable
        data={[...names.sources].map(([value, { name }]) => ({ value, label: name }))}
        value={source ?? null}
        onChange={(value) => setSource(value ?? undefined)}
      />
    </Stack>
  );
}
