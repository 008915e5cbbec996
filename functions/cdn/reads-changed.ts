import type { FilterAction } from '../../shared/domain/filter.ts';

type Step = { matcher: { type: 'all' } | { type: 'fql'; ir: string }; actions: readonly FilterAction[] };

/** Whether steps take away, in any event, something that a condition in tsub's form reads. */
export function changesWhatIsRead(steps: readonly Step[], matcher: Step['matcher']): boolean {
  if (matcher.type === 'all') return false;
  const read = pathsIn(JSON.parse(matcher.ir));
  return steps.some(({ actions }) => actions.some((action) => read.some((path) => takesAway(action, path))));
}

/** In the nested arrays `[operator, operand …]` a text is a path, an object a value. */
function pathsIn(ir: unknown): string[] {
  if (typeof ir === 'string') return [ir];
  return Array.isArray(ir)
    ? ir.flatMap((part, index) => (index === 0 && typeof part === 'string' ? [] : pathsIn(part)))
    : [];
}

function takesAway(action: FilterAction, path: string): boolean {
  if (action.type === 'DROP') return true;
  if (action.type === 'SAMPLE') return false;
  return Object.entries(action.fields).some(([object, keys]) => {
    const inside = object === '' ? path : path.startsWith(`${object}.`) ? path.slice(object.length + 1) : undefined;
    // Who reads the whole object sees it change, too.
    if (inside === undefined) return object === path || object.startsWith(`${path}.`);
    const isNamed = keys.some((key) => inside === key || inside.startsWith(`${key}.`));
    return action.type === 'DROP_PROPERTIES' ? isNamed : !isNamed;
  });
}
