import { pathSteps } from '../../shared/domain/field-paths.ts';
import type { FilterAction } from '../../shared/domain/filter.ts';
import type { Ir } from '../../shared/domain/fql/tsub-ir.ts';
import { isList, or } from '../../shared/domain/fql/tsub-ir.ts';
import { Inexpressible, tsubPath } from '../../shared/domain/fql/tsub-path.ts';

/** Analytics.js makes these of plain objects itself: they are no lists. */
const NO_LISTS: ReadonlySet<string> = new Set(['properties', 'traits', 'context']);

/** Why browsers cannot do it; `undefined` where they can. */
export function whyNot(action: FilterAction): string | undefined {
  if (action.type === 'DROP') return undefined;
  if (action.type === 'SAMPLE') {
    // Seen in tsub 2.0.1 and in Analytics.js 1.84.3: everybody is let through, whatever the percentage.
    return action.path === undefined || action.path === '' ? undefined : 'browsers cannot sample by a path';
  }
  try {
    for (const path of Object.keys(action.fields)) {
      if (tsubPath(pathSteps(path)) !== path) return 'in browsers a path of fields knows no "\\"';
    }
    return undefined;
  } catch (error) {
    if (error instanceof Inexpressible) return error.message;
    throw error;
  }
}

/**
 * True for an event in which a path of an action leads through a list: the server goes into each of its items (C13), tsub into none, so that such an
 * event must not go out. `undefined` where no path can. A list at a path's end both go into.
 */
export function leadsThroughList(action: FilterAction): Ir | undefined {
  if (action.type === 'DROP' || action.type === 'SAMPLE') return undefined;
  const prefixes = Object.keys(action.fields).flatMap((path) => {
    const steps = pathSteps(path);
    return steps.slice(1).map((_, index) => steps.slice(0, index + 1).join('.'));
  });
  const between = [...new Set(prefixes)].filter((path) => !NO_LISTS.has(path));
  return between.length === 0 ? undefined : or(...between.map(isList));
}
