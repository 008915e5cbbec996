import { HookRules } from '../../../../../shared/domain/source-hook.ts';
import {
  DEFAULT_MAPPING,
  EXAMPLES,
  type Hook,
  hookDraft,
  KEPT,
  rulesOf,
  SCHEMES,
  signatureOf,
} from '../../../../../web/src/features/sources/install/hook-draft.ts';
import { SIGNATURE_SCHEMES } from '../../../../../shared/domain/source-hook.ts';

const NOTHING = hookDraft({ mapping: {}, isDefault: true });

test('what is not set is an empty form, and goes back as all of a request', () => {
  expect(NOTHING).toMatchObject({ mapping: '', each: '', scheme: '', secrets: [] });
  expect(rulesOf(NOTHING)).toEqual({ rules: { mapping: DEFAULT_MAPPING } });
  expect(signatureOf(NOTHING)).toBeNull();
});

test('what is in force comes back as it was: secrets as dots in their order', () => {
  const hook: Hook = {
    mapping: { event: 'X' },
    each: '$.body.items',
    isDefault: false,
    signature: {
      scheme: 'hmac-sha256',
      header: 'X-Sig',
      encoding: 'hex',
      prefix: 'sha256=',
      toleranceSeconds: 300,
      secrets: ['••••', '••••'],
    },
  };
  const draft = hookDraft(hook);
  expect(rulesOf(draft)).toEqual({ rules: { mapping: { event: 'X' }, each: '$.body.items' } });
  expect(signatureOf(draft)).toEqual({
    scheme: 'hmac-sha256',
    header: 'X-Sig',
    encoding: 'hex',
    prefix: 'sha256=',
    secrets: [KEPT, KEPT],
  });
});

test.each(['{', '[]', '"text"', 'null'])('%p is no mapping, and why is said', (mapping) => {
  expect(rulesOf({ ...NOTHING, mapping })).toEqual({ fault: expect.any(String) });
});

test('a scheme with a time sends no prefix and no encoding', () => {
  expect(signatureOf({ ...NOTHING, scheme: 'stripe', prefix: 'x', secrets: ['whsec_123456', ''] })).toEqual({
    scheme: 'stripe',
    secrets: ['whsec_123456'],
  });
});

test.each(EXAMPLES.map(({ name, draft }) => [name, draft] as const))(
  'the example %s is a mapping that is taken',
  (_name, draft) => {
    const made = rulesOf({ ...NOTHING, ...draft });
    if (!('rules' in made)) throw new Error(made.fault);
    expect(HookRules.safeParse(made.rules).error?.issues ?? []).toEqual([]);
  },
);

test('every scheme that the domain knows is offered, and no other', () => {
  expect(
    SCHEMES.map(({ value }) => value)
      .filter(Boolean)
      .toSorted(),
  ).toEqual([...SIGNATURE_SCHEMES].toSorted());
});
