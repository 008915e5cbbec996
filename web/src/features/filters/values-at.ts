import { valueAt } from '../../../../shared/domain/field-paths.ts';
import type { JsonObject } from '../../../../shared/domain/json.ts';
import type { RecentEvent } from './recent-events.ts';

const VALUES_MAX = 30;

/** The different texts that events have at a path: what one may compare with. */
export const valuesAt = (events: readonly RecentEvent[], path: string): string[] =>
  path === ''
    ? []
    : [
        ...new Set(
          events.flatMap(({ event }) => {
            const value = valueAt(event as JsonObject, path);
            return typeof value === 'string' && value !== '' ? [value] : [];
          }),
        ),
      ].slice(0, VALUES_MAX);
