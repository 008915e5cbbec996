import { Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useWorkspaceSlug } from '../../api/calls.ts';
import { AppLink } from '../../ui/link.tsx';
import { Action } from '../../ui/locked.tsx';
import { Logo } from '../../ui/logo.tsx';
import { DocLink, Empty } from '../../ui/states.tsx';
import { FIRST_KINDS, useCatalog } from './source-kinds.ts';
import classes from './sources.module.css';

/** A workspace without a source: what most begin with, one click from its form. */
export function NoSources() {
  const slug = useWorkspaceSlug() ?? '';
  const navigate = useNavigate();
  const { kinds } = useCatalog();
  const first = FIRST_KINDS.flatMap((one) => kinds?.find((kind) => kind.slug === one) ?? []);
  return (
    <>
      <Empty
        title="Nothing sends events yet"
        action={
          <Action
            right="source.create"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => void navigate({ to: `/${slug}/sources/new` })}
          >
            Add source
          </Action>
        }
      >
        A source is a website, an app, a server or a tool. Add one, paste its snippet, and watch the first event come
        in. <DocLink page="architecture">How events travel</DocLink>
      </Empty>
      {first.length > 0 && (
        <>
          <Text size="sm" fw={600} mt="lg" mb="sm">
            Or begin with one of these
          </Text>
          <ul className={classes['kinds']}>
            {first.map(({ slug: type, name, description }) => (
              <li key={type}>
                <AppLink to={`/${slug}/sources/new`} search={{ type }} className={classes['kind']}>
                  <Logo slug={type} name={name} size={32} />
                  <div>
                    <Text size="sm" fw={600}>
                      {name}
                    </Text>
                    <Text size="xs" c="dimmed">
                      {description}
                    </Text>
                  </div>
                </AppLink>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
