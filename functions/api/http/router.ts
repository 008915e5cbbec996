import type { Operation } from '../../../shared/api/operation.ts';
import { OPERATIONS } from '../../../shared/api/operations.ts';

export type Matched = { id: string; operation: Operation; path: Readonly<Record<string, string>> };
export type Match =
  | ({ outcome: 'matched' } & Matched)
  | { outcome: 'no-path' }
  /** The path is there, with other methods. */
  | { outcome: 'no-method'; methods: string[] };

type Node = { literal: Map<string, Node>; parameter?: Node; ends: Map<string, { id: string; operation: Operation }> };

const newNode = (): Node => ({ literal: new Map(), ends: new Map() });
const PARAMETER = /^\{(\w+)\}$/;

/** Segments of a path; ours have eight. */
const SEGMENTS_MAX = 16;

/**
 * Finds the operation for a method and a path as it was sent, not decoded: a parameter may hold `%2F`. Where a literal and a parameter fit, the literal
 * wins, whatever the order of the table. Paths of two operations may name the same parameter differently.
 */
export function router(
  operations: Readonly<Record<string, Operation>> = OPERATIONS,
): (method: string, path: string) => Match {
  const root = newNode();
  for (const [id, operation] of Object.entries(operations)) {
    let node = root;
    for (const segment of segmentsOf(operation.path)) {
      if (PARAMETER.test(segment)) node = node.parameter ??= newNode();
      else {
        const next = node.literal.get(segment) ?? newNode();
        node.literal.set(segment, next);
        node = next;
      }
    }
    node.ends.set(operation.method, { id, operation });
  }

  /** All ends that a path may mean, literal ones first. */
  const walk = (node: Node, segments: readonly string[], at: number): Node[] => {
    const segment = segments[at];
    if (segment === undefined) return node.ends.size > 0 ? [node] : [];
    const literal = node.literal.get(segment);
    return [
      ...(literal === undefined ? [] : walk(literal, segments, at + 1)),
      ...(node.parameter === undefined || segment === '' ? [] : walk(node.parameter, segments, at + 1)),
    ];
  };

  return (method, path) => {
    const segments = segmentsOf(path);
    if (segments.length > SEGMENTS_MAX) return { outcome: 'no-path' };
    const nodes = walk(root, segments, 0);
    for (const { ends } of nodes) {
      const end = ends.get(method);
      if (end === undefined) continue;
      const parameters = parametersOf(end.operation.path, segments);
      return parameters === undefined ? { outcome: 'no-path' } : { outcome: 'matched', ...end, path: parameters };
    }
    const methods = [...new Set(nodes.flatMap(({ ends }) => [...ends.keys()]))];
    return methods.length > 0 ? { outcome: 'no-method', methods } : { outcome: 'no-path' };
  };
}

/** A slash too many at the end is passed over; the root has no segments. */
const segmentsOf = (path: string): string[] => {
  const trimmed = path.replace(/^\//, '').replace(/\/$/, '');
  return trimmed === '' ? [] : trimmed.split('/');
};

function parametersOf(pattern: string, segments: readonly string[]): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const [index, part] of segmentsOf(pattern).entries()) {
    const name = PARAMETER.exec(part)?.[1];
    if (name === undefined) continue;
    try {
      found[name] = decodeURIComponent(segments[index] ?? '');
    } catch {
      return undefined;
    }
  }
  return found;
}
