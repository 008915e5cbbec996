import type * as z from 'zod';
import { ApiFault, type FaultEntry } from '../http/api-fault.ts';
import type { ApiRequest } from '../http/request.ts';
import { parsedAs } from '../http/read-input.ts';

/** 409 for a name that somebody else has. */
export const taken = (field: string, message: string): ApiFault =>
  new ApiFault(409, [{ type: 'conflict', field, message }]);

/** 422 for one more than a workspace, or a thing in it, may have (T23): the quota is named. */
export const overQuota = (quota: string, max: number, message: string): ApiFault =>
  new ApiFault(422, [{ type: 'quota-exceeded', message, data: { quota, max } }]);

/** 501 in the envelope: for what would start work that nobody does yet. */
export const notOfferedYet = (message: string): ApiFault => new ApiFault(501, [{ type: 'not-implemented', message }]);

/** 422 with several entries. */
export const faulty = (faults: readonly { field: string; message: string; data?: unknown }[]): ApiFault =>
  new ApiFault(
    422,
    faults.map((fault): FaultEntry => ({ type: 'input-validation', ...fault })),
  );

/** A thing after a change of some members: parsed as its schema says, with the time of the change. Faults point at the members. */
export const changed = <T extends object>(
  schema: z.ZodType<T>,
  thing: T,
  members: Partial<Record<keyof T, unknown>>,
  { now }: Pick<ApiRequest, 'now'>,
): T => parsedAs(schema, { ...thing, ...members, updatedAt: now().toISOString() });

/** Of a new thing. */
export const unsaved = ({ now }: Pick<ApiRequest, 'now'>) => {
  const createdAt = now().toISOString();
  return { version: 0, createdAt, updatedAt: createdAt };
};

/** Tells the caller which version is there now, after a change of what had `version`. */
export function tellVersion(request: Pick<ApiRequest, 'headers'>, version: number): void {
  request.headers['ETag'] = `"${version}"`;
}

/** Whether two states differ in more than their bookkeeping. */
export function differs(before: object, after: object): boolean {
  const told = (thing: object) => JSON.stringify({ ...thing, updatedAt: undefined, version: undefined });
  return told(before) !== told(after);
}

/** Who makes something, for people to see. */
export const makerOf = ({ caller }: Pick<ApiRequest, 'caller'>): string =>
  caller.kind === 'person' ? caller.email : caller.name;

export const SUCCESS = { status: 'SUCCESS' as const };
