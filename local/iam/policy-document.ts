import * as z from 'zod';
import { parseConditions, type PolicyCondition } from './conditions.ts';

export type Statement = {
  effect: 'Allow' | 'Deny';
  /** `NotAction` and `NotResource` are the same lists, turned round. */
  actions: { patterns: readonly string[]; negated: boolean };
  resources: { patterns: readonly string[]; negated: boolean };
  /** Of a resource policy; undefined in a policy of a role. */
  principals: { everyone: boolean; aws: readonly string[]; services: readonly string[] } | undefined;
  conditions: readonly PolicyCondition[];
};

const words = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const Document = z.strictObject({
  Version: z.string().optional(),
  Id: z.string().optional(),
  Statement: z
    .union([z.unknown().array(), z.unknown()])
    .transform((value) => [value].flat())
    .pipe(
      z.array(
        z.strictObject({
          Sid: z.string().optional(),
          Effect: z.enum(['Allow', 'Deny']),
          Action: words.optional(),
          NotAction: words.optional(),
          Resource: words.optional(),
          NotResource: words.optional(),
          Principal: z
            .union([z.literal('*'), z.strictObject({ AWS: words.optional(), Service: words.optional() })])
            .optional(),
          Condition: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
        }),
      ),
    ),
});

/**
 * The statements of a policy. Throws, naming `where`, for whatever the evaluator would not judge as IAM does: an unknown member, condition operator
 * or condition key, a policy variable. So a policy that is taken is a policy that is enforced.
 */
export function parsePolicy(document: unknown, where: string): Statement[] {
  const parsed = Document.safeParse(document);
  if (!parsed.success) {
    throw new Error(`${where}: the policy is not what the local cloud understands: ${z.prettifyError(parsed.error)}`);
  }
  return parsed.data.Statement.map((statement) => {
    const { Action, NotAction, Resource, NotResource, Principal } = statement;
    if ((Action === undefined) === (NotAction === undefined)) {
      throw new Error(`${where}: a statement needs either Action or NotAction.`);
    }
    if (Resource !== undefined && NotResource !== undefined) {
      throw new Error(`${where}: a statement has both Resource and NotResource.`);
    }
    // Trust policies alone have no Resource, and they name a principal.
    if (Resource === undefined && NotResource === undefined && Principal === undefined) {
      throw new Error(`${where}: a statement of a role's policy needs a Resource.`);
    }
    const resources = { patterns: Resource ?? NotResource ?? ['*'], negated: NotResource !== undefined };
    const variable = resources.patterns.find((pattern) => pattern.includes('${'));
    if (variable !== undefined)
      throw new Error(`${where}: the local cloud does not fill policy variables: ${variable}`);
    const aws = Principal === '*' ? ['*'] : (Principal?.AWS ?? []);
    return {
      effect: statement.Effect,
      actions: { patterns: Action ?? NotAction ?? [], negated: NotAction !== undefined },
      resources,
      principals: Principal && {
        everyone: aws.includes('*'),
        aws: aws.filter((arn) => arn !== '*'),
        services: Principal === '*' ? [] : (Principal.Service ?? []),
      },
      conditions: parseConditions(statement.Condition, where),
    };
  });
}
