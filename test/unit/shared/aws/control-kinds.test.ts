import { KINDS } from '../../../../shared/aws/control-kinds.ts';
import { MASKED } from '../../../../shared/domain/audit.ts';
import { aHookSetting, aHookSource, aSignature } from '../../../builders/hook.ts';
import { aSource } from '../../../builders/workspace-things.ts';

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
