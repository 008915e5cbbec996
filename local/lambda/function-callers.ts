import { createHash } from 'node:crypto';
import { roleNameOf } from '../iam/start-checks.ts';
import type { Principal } from '../types.ts';

/** The access key id of whoever runs the local cloud: may do all. Any secret goes with it, signatures are not verified. */
export const OPERATOR_ACCESS_KEY_ID = 'operator';

/** Each function has an access key of its own, by which the front door knows it and its role. */
export function functionCallers() {
  const principals = new Map<string, Principal>([[OPERATOR_ACCESS_KEY_ID, { kind: 'operator' }]]);
  const accessKeyIdOf = (functionName: string): string =>
    `AKIA${createHash('sha256').update(functionName).digest('hex').slice(0, 16).toUpperCase()}`;
  return {
    accessKeyIdOf,
    principalOf: (accessKeyId: string) => principals.get(accessKeyId),
    learn: ({ type, ref, properties }: { type: string; ref: string; properties: Record<string, unknown> }) => {
      if (type !== 'AWS::Lambda::Function') return;
      const roleName = roleNameOf(properties['Role']);
      principals.set(accessKeyIdOf(ref), { kind: 'function', functionName: ref, roleName });
    },
  };
}
