import { TemplateError } from './template-error.ts';

/**
 * Names in an order in which each comes after what it depends on; otherwise in the order given. Dependencies on unknown names do not count.
 * Throws TemplateError that shows the cycle, if there is one.
 */
export function topologicalOrder(
  names: readonly string[],
  dependenciesOf: (name: string) => Iterable<string>,
): string[] {
  const known = new Set(names);
  const done = new Set<string>();
  const order: string[] = [];
  const visit = (name: string, trail: readonly string[]): void => {
    if (done.has(name)) return;
    if (trail.includes(name)) {
      throw new TemplateError(`Circular dependency: ${[...trail.slice(trail.indexOf(name)), name].join(' -> ')}`);
    }
    for (const dependency of dependenciesOf(name)) {
      if (known.has(dependency)) visit(dependency, [...trail, name]);
    }
    done.add(name);
    order.push(name);
  };
  for (const name of names) visit(name, []);
  return order;
}
