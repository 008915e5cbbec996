import { LOCAL_ACCOUNT, type ResourceProvider } from '../types.ts';

const arnOf = (kind: string, path: unknown, name: string): string =>
  `arn:aws:iam::${LOCAL_ACCOUNT}:${kind}${typeof path === 'string' ? path : '/'}${name}`;

const textOr = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);

/** Roles and policies live in the template only; the authorizer learns what they say as they are made. */
export const iamProviders: readonly ResourceProvider[] = [
  {
    type: 'AWS::IAM::Role',
    honoured: ['RoleName', 'Path', 'AssumeRolePolicyDocument', 'Policies', 'ManagedPolicyArns'],
    ignored: ['Description', 'MaxSessionDuration', 'Tags'],
    create: async ({ physicalName, properties }) => {
      const name = textOr(properties['RoleName'], physicalName);
      return { ref: name, attributes: { Arn: arnOf('role', properties['Path'], name), RoleId: name } };
    },
  },
  {
    type: 'AWS::IAM::Policy',
    honoured: ['PolicyName', 'PolicyDocument', 'Roles'],
    ignored: [],
    create: async ({ properties }) => ({ ref: String(properties['PolicyName']), attributes: {} }),
  },
  {
    type: 'AWS::IAM::ManagedPolicy',
    honoured: ['ManagedPolicyName', 'Path', 'PolicyDocument', 'Roles'],
    ignored: ['Description'],
    create: async ({ physicalName, properties }) => {
      const arn = arnOf('policy', properties['Path'], textOr(properties['ManagedPolicyName'], physicalName));
      return { ref: arn, attributes: { PolicyArn: arn } };
    },
  },
];
