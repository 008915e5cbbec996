const THINGS: Readonly<Record<string, string>> = {
  source: 'sources',
  destination: 'destinations',
  transformation: 'transformations',
  workspace: 'the workspace',
  label: 'labels',
  member: 'people and access',
  token: 'API tokens',
  audit: 'the audit trail',
  usage: 'usage and cost',
  suppression: 'suppressed users',
  'tracking-plan': 'tracking plans',
};
const VERBS: Readonly<Record<string, string>> = {
  read: 'see',
  keys: 'see the write keys of',
  edit: 'edit',
  create: 'create',
  delete: 'delete',
  label: 'label',
};

/** A right in words: `source.keys` as "see the write keys of sources". */
export function rightText(right: string): string {
  const [thing = '', verb = ''] = right.split('.');
  const words = VERBS[verb];
  return words === undefined ? right : `${words} ${THINGS[thing] ?? thing}`;
}

/** The least role that gives a right, which the one who grants it may start from. */
export function roleFor(right: string): string {
  if (/^(?:source|destination|transformation)\.read$/.test(right)) return 'source-read-only';
  if (/^(?:source\.(?:keys|edit)|destination\.edit)$/.test(right)) return 'source-editor';
  if (/^(?:source|destination|transformation)\./.test(right)) return 'source-admin';
  if (right === 'tracking-plan.read') return 'tracking-plan-read-only';
  if (right.startsWith('tracking-plan.')) return 'tracking-plan-admin';
  if (right.startsWith('suppression.')) return 'end-user-privacy-admin';
  return 'workspace-owner';
}
