import type { DestinationId } from '../../shared/domain/ids.ts';
import type { SeedSource } from './seed-file.ts';

type Rule = { destinations: Record<string, boolean> };

/**
 * The rules of a source's schema with ids in the place of the names of destinations, and with no call left out. Names that `idOf` does not know have
 * been refused when the file was read.
 */
export function schemaById(
  schema: NonNullable<SeedSource['schema']>,
  idOf: (name: string) => DestinationId | undefined,
) {
  const byId = <T extends Rule>(rule: T) => ({
    ...rule,
    destinations: Object.fromEntries(
      Object.entries(rule.destinations).flatMap(([name, isOn]) => {
        const id = idOf(name);
        return id === undefined ? [] : [[id, isOn]];
      }),
    ),
  });
  const allById = (rules: Record<string, Rule> = {}) =>
    Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, byId(rule)]));
  return {
    track: allById(schema.track),
    page: allById(schema.page),
    screen: allById(schema.screen),
    ...(schema.identify !== undefined && { identify: byId(schema.identify) }),
    ...(schema.group !== undefined && { group: byId(schema.group) }),
  };
}
