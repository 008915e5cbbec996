/** Members of CloudFormation's inputs that are booleans: the AWS Query protocol carries text only. */
const BOOLEAN_MEMBERS = new Set(['EnableTerminationProtection', 'IncludePropertyValues', 'DisableRollback']);
/** Parts of a key such as `Parameters.member.1.ParameterKey`; real ones have at most seven. */
const KEY_DEPTH_MAX = 16;

type Tree = { [key: string]: Tree | string };

/**
 * Decodes an AWS Query body: `Parameters.member.1.ParameterKey=a` becomes `{Parameters: [{ParameterKey: 'a'}]}`.
 * Values stay text, but for the members known as booleans. `Action` and `Version` are left out of the input.
 */
export function decodeQuery(body: string): { action: string; input: Record<string, unknown> } {
  const tree: Tree = Object.create(null) as Tree;
  let action = '';
  for (const [key, value] of new URLSearchParams(body)) {
    if (key === 'Action') action = value;
    else if (key !== 'Version') plant(tree, key.split('.').slice(0, KEY_DEPTH_MAX), value);
  }
  return { action, input: grown(tree) as Record<string, unknown> };
}

function plant(tree: Tree, path: string[], value: string): void {
  let node = tree;
  for (const part of path.slice(0, -1)) {
    const next = node[part];
    if (typeof next === 'object') node = next;
    else {
      const made: Tree = Object.create(null) as Tree;
      node[part] = made;
      node = made;
    }
  }
  const last = path.at(-1);
  if (last !== undefined) node[last] = value;
}

function grown(tree: Tree): unknown {
  const members = tree['member'];
  if (typeof members === 'object' && Object.keys(tree).length === 1) {
    return Object.entries(members)
      .toSorted(([a], [b]) => Number(a) - Number(b))
      .map(([, member]) => (typeof member === 'string' ? member : grown(member)));
  }
  const object: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'object') object[key] = grown(value);
    else if (BOOLEAN_MEMBERS.has(key)) object[key] = value === 'true';
    // An empty list is sent as an empty value.
    else if (value !== '') object[key] = value;
  }
  return object;
}

/** An operation's result in AWS Query's XML. Arrays become `<member>` lists, a Date ISO text; undefined members are left out. */
export const encodeQueryResult = (
  namespace: string,
  action: string,
  output: Record<string, unknown>,
  requestId: string,
): string =>
  `<${action}Response xmlns="${namespace}"><${action}Result>${membersXml(output)}</${action}Result>` +
  `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`;

export const encodeQueryError = (
  namespace: string,
  error: { code: string; message: string; status: number },
  requestId: string,
): string =>
  `<ErrorResponse xmlns="${namespace}"><Error><Type>${error.status < 500 ? 'Sender' : 'Receiver'}</Type>` +
  `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message></Error>` +
  `<RequestId>${requestId}</RequestId></ErrorResponse>`;

const membersXml = (object: object): string =>
  Object.entries(object)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([key, value]) => `<${key}>${valueXml(value)}</${key}>`)
    .join('');

function valueXml(value: unknown): string {
  if (Array.isArray(value)) return value.map((member) => `<member>${valueXml(member)}</member>`).join('');
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object' && value !== null) return membersXml(value);
  return escapeXml(String(value));
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#xD;' };

/** Control characters that XML 1.0 cannot carry in any form. */
// oxlint-disable-next-line no-control-regex -- these are the characters that must go
const NOT_XML = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

/** Text as XML takes it; what XML cannot carry is left out. */
const escapeXml = (text: string): string =>
  text.replaceAll(/[&<>"\r]/g, (c) => ESCAPES[c] ?? c).replaceAll(NOT_XML, '');
