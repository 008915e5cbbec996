import type { SourceSchema } from '../../shared/domain/source-schema.ts';
import type { DestinationId } from '../../shared/domain/ids.ts';

/** What Analytics.js knows of an event. It reads `integrations` unguarded, so there always is one. */
type PlanEvent = { enabled: boolean; integrations: Record<string, false> };
export type Plan = {
  track: Record<string, PlanEvent>;
  identify: { __default: PlanEvent };
  group: { __default: PlanEvent };
};

/** The name that Analytics.js takes for all other events; one cannot be called so. */
const DEFAULT = '__default';

/**
 * What people switched off on the source's Schema page, for the tools that the browser feeds (C22, C23); the server judges for all others. Of the
 * plan Analytics.js uses `track` alone. It takes an event's rules over the event's own `integrations` object, which the server does not.
 */
export function planOf(schema: SourceSchema | undefined, nameOf: ReadonlyMap<DestinationId, string>): Plan {
  const allOn = (): PlanEvent => ({ enabled: true, integrations: {} });
  const offIn = (destinations: Readonly<Record<string, boolean>>): Record<string, false> =>
    Object.fromEntries(
      Object.entries(destinations).flatMap(([id, isOn]) => {
        const name = nameOf.get(id as DestinationId);
        return isOn || name === undefined ? [] : [[name, false as const]];
      }),
    );
  const track: [string, PlanEvent][] = Object.entries(schema?.track ?? {}).flatMap(([event, rule]) => {
    const integrations = offIn(rule.destinations);
    const isPlain = rule.enabled && Object.keys(integrations).length === 0;
    return isPlain || event === DEFAULT ? [] : [[event, { enabled: rule.enabled, integrations }]];
  });
  return {
    track: { [DEFAULT]: allOn(), ...Object.fromEntries(track) },
    identify: { [DEFAULT]: { enabled: true, integrations: offIn(schema?.identify.destinations ?? {}) } },
    group: { [DEFAULT]: { enabled: true, integrations: offIn(schema?.group.destinations ?? {}) } },
  };
}
