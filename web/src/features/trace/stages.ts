import type { Trace, TraceTarget } from './outcome.ts';
import { nameOf } from './outcome.ts';

/** The event as it stood at one stage of its way. */
export type Stage = { id: string; label: string; value: unknown };

/** Every stage that can be shown: as it was sent, as it was understood, what each destination may see, and what each request held. */
export function stagesOf({ payload, normalised, destinations }: Trace): Stage[] {
  const stages: Stage[] = [];
  if (payload !== null && payload !== undefined) stages.push({ id: 'sent', label: 'As it was sent', value: payload });
  if (normalised !== null) stages.push({ id: 'taken', label: 'As it was taken', value: normalised });
  for (const target of destinations) stages.push(...stagesAt(target, normalised));
  return stages;
}

function stagesAt(target: TraceTarget, normalised: Trace['normalised']): Stage[] {
  const name = nameOf(target);
  const stages: Stage[] = [];
  const { sees } = target;
  if (normalised !== null && sees !== null && !sees.isCut && sees.changes.length > 0) {
    const value = without(
      normalised,
      sees.changes.filter(({ kind }) => kind === 'removed').map(({ path }) => path),
    );
    stages.push({ id: `${target.destinationId} sees`, label: `${name}: behind its filters`, value });
  }
  const requests = target.sends.flatMap(({ tries }) => tries).flatMap(({ exchanges }) => exchanges);
  for (const [index, { body }] of requests.entries()) {
    if (body === null) continue;
    const number = requests.length > 1 ? ` ${index + 1}` : '';
    stages.push({
      id: `${target.destinationId} ${index}`,
      label: `${name}: request${number}`,
      value: jsonOrText(body),
    });
  }
  return stages;
}

/** What a text holds as JSON, else the text. */
export function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** A copy of `value` without what stands at these paths, as differences name them: `properties.items[0].sku`. Odd paths are left alone. */
export function without(value: unknown, paths: readonly string[]): unknown {
  const copy = structuredClone(value);
  // From the back, so that what goes from a list moves nothing that is still to go.
  for (const path of paths.toReversed()) {
    const steps = stepsOf(path);
    const last = steps.pop();
    let at: unknown = copy;
    for (const step of steps) at = isContainer(at) && Object.hasOwn(at, step) ? at[step] : undefined;
    if (last === undefined || !isContainer(at) || !Object.hasOwn(at, last)) continue;
    if (Array.isArray(at)) at.splice(Number(last), 1);
    else delete at[last];
  }
  return copy;
}

/** Names and indexes of a path: bare, in quotes, or in brackets. */
const stepsOf = (path: string): string[] =>
  [...path.matchAll(/"(?:[^"\\]|\\.)*"|[^."[\]]+/g)].map(([step]) =>
    step.startsWith('"') ? String(jsonOrText(step)) : step,
  );

const isContainer = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
