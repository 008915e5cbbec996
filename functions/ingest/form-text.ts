import { JSON_DEPTH_MAX } from '../../shared/config/limits.ts';

export type FormJson = { outcome: 'json'; text: string } | { outcome: 'too-deep' };

type Node = { [key: string]: Node | string };

/**
 * The JSON text that a form or the query of a pixel stands for (E21): the field `data`, as base64 of either alphabet or as plain JSON, else an
 * object of all fields, whose names say by dots where a value lies (`properties.subject`). Values stay text. Of fields that name the same place
 * the last one holds. The answer need not be JSON where `data` is not.
 */
export function formJson(form: string): FormJson {
  const fields = new URLSearchParams(form);
  const data = fields.get('data');
  if (data !== null) return { outcome: 'json', text: dataText(data) };
  // Without a prototype: `__proto__` is a name like any other (T11).
  const root = emptyNode();
  for (const [name, value] of fields) {
    const path = name.split('.', JSON_DEPTH_MAX + 1);
    if (path.length > JSON_DEPTH_MAX) return { outcome: 'too-deep' };
    setAt(root, path, value);
  }
  return { outcome: 'json', text: JSON.stringify(root) };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function dataText(data: string): string {
  if (data.trimStart().startsWith('{')) return data;
  try {
    // A plus that was not escaped reads as a space in a query.
    return utf8.decode(Buffer.from(data.replaceAll(' ', '+'), 'base64'));
  } catch {
    return '';
  }
}

const emptyNode = (): Node => Object.create(null) as Node;

function setAt(root: Node, path: readonly string[], value: string): void {
  let node = root;
  for (const name of path.slice(0, -1)) {
    const there = node[name];
    if (typeof there === 'object') {
      node = there;
    } else {
      const made = emptyNode();
      node[name] = made;
      node = made;
    }
  }
  node[path.at(-1) ?? ''] = value;
}
