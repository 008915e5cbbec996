import type * as z from 'zod';
import type { DestinationFilterActionV1 } from '../../../shared/api/shapes.ts';
import { FilterAction } from '../../../shared/domain/filter.ts';
import { parseFql } from '../../../shared/domain/fql/parse-fql.ts';
import { invalid } from '../http/api-fault.ts';
import { parsedAs } from '../http/read-input.ts';
import { faulty } from './faults.ts';

type Action = z.output<ReturnType<typeof DestinationFilterActionV1>>;

/** Members that each kind of action has beside `type`. */
const MEMBERS: Readonly<Record<Action['type'], readonly (keyof Action)[]>> = {
  DROP: [],
  SAMPLE: ['percent', 'path'],
  DROP_PROPERTIES: ['fields'],
  ALLOW_PROPERTIES: ['fields'],
};

/** Throws ApiFault 422 that says where the condition cannot be read: a filter that nobody can read would let nothing through (C05). */
export function refuseCondition(text: string, field: string): void {
  const parsed = parseFql(text);
  if (parsed.outcome === 'parsed') return;
  const { message, at } = parsed.fault;
  throw invalid({ field, message: `${message} (at character ${at + 1})`, data: { at } });
}

/** Actions in the domain's form. A member that means nothing for an action is refused: it would else be without effect. */
export function readActions(actions: readonly Action[], at: string): FilterAction[] {
  const faults = actions.flatMap((action, index) =>
    Object.keys(action)
      .filter((key) => key !== 'type' && !MEMBERS[action.type].some((member) => member === key))
      .map((key) => ({ field: `${at}.${index}.${key}`, message: `${action.type} has no ${key}.` })),
  );
  if (faults.length > 0) throw faulty(faults);
  const read = actions.map((action, index) => parsedAs(FilterAction, action, `${at}.${index}`));
  const idle = read.flatMap((action, index) =>
    isIdle(action)
      ? [{ field: `${at}.${index}.fields`, message: `${action.type} must name a field: it would do nothing.` }]
      : [],
  );
  if (idle.length > 0) throw faulty(idle);
  return read;
}

/** An object that keeps none of its fields is something else than one that is not named. */
const isIdle = (action: FilterAction): boolean =>
  (action.type === 'ALLOW_PROPERTIES' && Object.keys(action.fields).length === 0) ||
  (action.type === 'DROP_PROPERTIES' && Object.values(action.fields).every((keys) => keys.length === 0));
