import { Text } from '@mantine/core';
import type { DataOf } from '../../api/calls.ts';
import { auditPath } from '../../app/audit-path.ts';
import { TextLink } from '../../ui/link.tsx';

/** What a change was done to: its name, a link where the app shows it, and its kind. */
export function ResourceLink({ slug, entry }: { slug: string; entry: DataOf<'listAppAuditEvents'>['events'][number] }) {
  const { type, id, name = '' } = entry.resource;
  const place = auditPath(entry);
  const shown = name === '' ? id : name;
  return (
    <div style={{ minWidth: 0, maxWidth: 320 }}>
      {place === undefined ? (
        <Text size="sm" truncate title={shown}>
          {shown}
        </Text>
      ) : (
        <TextLink
          to={`/${slug}${place.path}`}
          search={place.search ?? {}}
          style={{ display: 'block', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}
        >
          {shown}
        </TextLink>
      )}
      <Text size="xs" c="dimmed">
        {KINDS[type] ?? type.toLowerCase().replaceAll('_', ' ')}
      </Text>
    </div>
  );
}

const KINDS: Readonly<Record<string, string>> = {
  DESTINATION_SUBSCRIPTION: 'mapping',
  DESTINATION_FILTER: 'filter',
  USER: 'person',
  USER_GROUP: 'group',
  TOKEN: 'API token',
  REGULATION: 'suppression',
};
