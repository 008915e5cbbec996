import { Text } from '@mantine/core';
import { Count, Share } from '../../ui/count.tsx';
import { Chip } from '../../ui/status.tsx';
import { Ago } from '../../ui/time.tsx';
import classes from './schema.module.css';
import { isMixed, placeOf, type SchemaKey, typesText } from './schema-rows.ts';

const INDENT_PX = 16;

/** What the events of a row hold: each property, of which types it was, in how many events. */
export function Properties({ row }: { row: SchemaKey }) {
  const { properties, name } = row;
  if (properties.length === 0) {
    return (
      <Text size="sm" c="dimmed" p="sm" pl={44}>
        No properties were seen. They are counted once their events are archived, some minutes after they came.
      </Text>
    );
  }
  // As archived, events with the most frequent property are all that there are.
  const all = Math.max(...properties.map(({ count }) => count));
  return (
    <table className={classes.properties} aria-label={`Properties of ${name}`}>
      <thead>
        <tr>
          <th>Property</th>
          <th>Type</th>
          <th>In events</th>
          <th className={classes.wide}>Last seen</th>
        </tr>
      </thead>
      <tbody>
        {properties.map(({ path, count, types, lastSeenAt }) => {
          const { depth, label } = placeOf(path);
          return (
            <tr key={path}>
              <td>
                <span className={classes.path} style={{ paddingLeft: depth * INDENT_PX }} title={path}>
                  {label}
                </span>
              </td>
              <td>
                {typesText(types)} {isMixed(types) && <Chip tone="warn">mixed</Chip>}
              </td>
              <td>
                <span className={classes.share} aria-hidden="true">
                  <span style={{ width: `${Math.min(100, (count / all) * 100)}%` }} />
                </span>
                <Count value={count} />{' '}
                <Text span size="xs" c="dimmed">
                  (<Share value={Math.min(1, count / all)} />)
                </Text>
              </td>
              <td className={classes.wide}>
                <Ago at={lastSeenAt} size="xs" />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
