/* oxlint-disable unicorn/no-thenable -- a directive has a member of that name */
import { KINDS } from '../../../../shared/aws/control-kinds.ts';
import { MASKED } from '../../../../shared/domain/audit.ts';
import { aHookSetting, aHookSource, aSignature } from '../../../builders/hook.ts';
import { aDestination, aMapping, aSource } from '../../../builders/workspace-things.ts';

test('the audit trail tells of a webhook source without its secrets, and knows when one was changed (H14)', () => {
  const source = aHookSource(aHookSetting({ signature: aSignature('canary-4711') }));
  const told = KINDS.source.told?.(source);
  expect(told).toEqual({
    ...source,
    hook: { ...source.hook, signature: { ...source.hook?.signature, secrets: [MASKED] } },
  });
  expect(JSON.stringify(told)).not.toContain('canary-4711');
  const other = aHookSource(aHookSetting({ signature: aSignature('another') }));
  expect(KINDS.source.secrets?.(source)).not.toEqual(KINDS.source.secrets?.(other));
  expect(KINDS.source.told?.(aSource())).not.toHaveProperty('hook');
});

test('the audit trail tells of settings and mappings without what may be a secret, whatever their type (H14)', () => {
  const settings = {
    endpoint: 'north_america',
    webhook: 'https://h.test/canary',
    base: 'https://h.test',
    region: 'eu',
  };
  expect(KINDS.destination.told?.(aDestination({ settings }))).toMatchObject({
    settings: { ...settings, webhook: `https://h.test/${MASKED}` },
  });
  const fields = {
    hookUrl: { '@if': { exists: { '@path': '$.url' }, then: { '@literal': 'canary' }, else: 'https://h.test/canary' } },
    to: [{ '@template': '{{properties.h}}/services/canary' }, 'h.test/canary', 'go to http://h.test/canary'],
    data: { 'x-api-key': { '@template': 'canary' }, headers: { 'X-A': 'canary' }, text: 'see ?sig=canary', n: 1 },
    event: { '@path': '$.token' },
  };
  expect(KINDS.mapping.told?.(aMapping({ fields }))).toMatchObject({
    fields: {
      hookUrl: {
        '@if': { exists: { '@path': '$.url' }, then: { '@literal': MASKED }, else: `https://h.test/${MASKED}` },
      },
      to: [{ '@template': MASKED }, MASKED, MASKED],
      data: { 'x-api-key': { '@template': MASKED }, headers: { 'X-A': MASKED }, text: `see ?sig=${MASKED}`, n: 1 },
      event: { '@path': '$.token' },
    },
  });
});
