import { Group, Text } from '@mantine/core';
import { TextLink } from '../../ui/link.tsx';

const SHOWN = 3;

/** Sources as links, a few of them by name. */
export function SourceNames({
  slug,
  sources,
}: {
  slug: string;
  sources: readonly { id: string; name?: string | undefined; slug: string }[];
}) {
  if (sources.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        None
      </Text>
    );
  }
  return (
    <Group gap={8}>
      {sources.slice(0, SHOWN).map(({ id, name, slug: ofSource }) => (
        <TextLink key={id} to={`/${slug}/sources/${id}/settings`}>
          {name ?? ofSource}
        </TextLink>
      ))}
      {sources.length > SHOWN && (
        <Text size="sm" c="dimmed" title={sources.map((one) => one.name ?? one.slug).join(', ')}>
          and {sources.length - SHOWN} more
        </Text>
      )}
    </Group>
  );
}
