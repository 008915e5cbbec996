import { readFileSync } from 'node:fs';
import * as sdk from '@segment/public-api-sdk-typescript';

/** An operation of one of the two versions of the official client library. */
export type KnownOperation = { id: string; method: string; path: string; in47: boolean; in73: boolean; isGa: boolean };

/** Ids, methods and paths of every operation that 47.0.0 (on npm) or 73.2.0 (its repository) has. */
export const knownOperations = (): KnownOperation[] =>
  readFileSync('test/fixtures/public-api-operations.tsv', 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [id = '', method = '', path = '', in47 = '', in73 = ''] = line.split('\t');
      return { id, method, path, in47: in47 !== 'no', in73: in73 !== 'no', isGa: in47 === 'GA' || in73 === 'GA' };
    });

export type SdkCall = { operation: string; status: number };
type Operation = (...args: unknown[]) => Promise<{ response: { statusCode?: number }; body: unknown }>;

/** The official client library, every class of it, on our address. `calls` holds what was called and how it was answered. */
export function publicApiClient(url: string, token: string) {
  const calls: SdkCall[] = [];
  const operations = new Map<string, Operation>();
  const names = new Set(knownOperations().map(({ id }) => id));
  const made = <T extends object>(Class: new (basePath: string) => T): T => {
    const api = new Class(url);
    Reflect.set(api, 'accessToken', token);
    for (const name of Object.getOwnPropertyNames(Class.prototype).filter((one) => names.has(one))) {
      const original = (Reflect.get(api, name) as Operation).bind(api);
      const recorded: Operation = async (...args) => {
        try {
          const result = await original(...args);
          calls.push({ operation: name, status: result.response.statusCode ?? 0 });
          return result;
        } catch (error) {
          if (error instanceof sdk.HttpError) calls.push({ operation: name, status: error.statusCode ?? 0 });
          throw error;
        }
      };
      Reflect.set(api, name, recorded);
      operations.set(name, recorded);
    }
    return api;
  };
  // Classes that no test names are made, too: their operations are called by name.
  for (const Class of sdk.APIS) made(Class as new (basePath: string) => object);
  return {
    calls,
    /** Every operation that the library has, by name. */
    operations,
    apiCalls: made(sdk.APICallsApi),
    auditTrail: made(sdk.AuditTrailApi),
    catalog: made(sdk.CatalogApi),
    filters: made(sdk.DestinationFiltersApi),
    destinations: made(sdk.DestinationsApi),
    monthlyTrackedUsers: made(sdk.MonthlyTrackedUsersApi),
    groups: made(sdk.IAMGroupsApi),
    roles: made(sdk.IAMRolesApi),
    users: made(sdk.IAMUsersApi),
    labels: made(sdk.LabelsApi),
    deliveryOverview: made(sdk.DeliveryOverviewApi),
    events: made(sdk.EventsApi),
    sources: made(sdk.SourcesApi),
    suppression: made(sdk.DeletionAndSuppressionApi),
    testing: made(sdk.TestingApi),
    trackingPlans: made(sdk.TrackingPlansApi),
    transformations: made(sdk.TransformationsApi),
    workspaces: made(sdk.WorkspacesApi),
  };
}
export type PublicApiClient = ReturnType<typeof publicApiClient>;

/** What `unwrap` of the library answers or throws. A crash of it is no answer, and is told apart. */
export async function outcomeOf<T>(
  promise: Promise<{ body: { data?: T } }>,
): Promise<{ data: T } | { error: { type: string; message: string; status: number; field?: string } }> {
  try {
    return { data: await sdk.unwrap(promise) };
  } catch (error) {
    if (error instanceof Error) throw error;
    if (typeof error !== 'object' || error === null || !('type' in error))
      throw new Error(`unwrap threw ${JSON.stringify(error)}`, { cause: error });
    return { error: error as { type: string; message: string; status: number; field?: string } };
  }
}

export const unwrap = sdk.unwrap;
