import * as z from 'zod';
import {
  type Clock,
  type Created,
  LOCAL_ACCOUNT,
  type Meter,
  type RawService,
  type ResourceProvider,
  type ResourceToCreate,
} from '../types.ts';
import {
  type Behavior,
  CachePolicyConfig,
  DistributionConfig,
  OriginAccessControlConfig,
  ResponseHeadersPolicyConfig,
} from './distribution-config.ts';
import { type EdgeFunction, edgeFunction, EdgeFunctionProperties } from './edge-function.ts';
import { type EdgeServer, edgeServer } from './edge-server.ts';
import { originOf } from './origins.ts';

export type CloudFrontOptions = {
  host: string;
  /** The port that a distribution should have, or the next free one after it; 0 for any. */
  port: number;
  clock: Clock;
  meter: Meter;
  s3: RawService;
  apiUrls: () => readonly string[];
  /** Judges a read of a bucket by the bucket's policy, for the distribution of this ARN. Throws AwsError. */
  authorize: (distributionArn: string, action: string, resource: string) => void;
  onUnexpected(error: unknown, call: string): void;
};

export type CloudFront = {
  readonly providers: ResourceProvider[];
  /** The distributions made so far. Each listens from its making on, and answers 503 until `open`. */
  list(): { id: string; arn: string; url: string }[];
  open(): void;
  running(): number;
  close(): Promise<void>;
};

/** CloudFront on one machine: each distribution a server of its own, with its behaviours, cache and headers. */
export function cloudFront(options: CloudFrontOptions): CloudFront {
  const distributions = new Map<string, { id: string; arn: string; server: EdgeServer }>();
  const cachePolicies = new Map<string, CachePolicyConfig>();
  const headersPolicies = new Map<string, ResponseHeadersPolicyConfig>();
  const accessControls = new Set<string>();
  const functions = new Map<string, EdgeFunction>();

  const createDistribution = async (resource: ResourceToCreate): Promise<Created> => {
    const { DistributionConfig: config } = parsed(z.object({ DistributionConfig }), resource);
    const id = resource.physicalName;
    const arn = `arn:aws:cloudfront::${LOCAL_ACCOUNT}:distribution/${id}`;
    let distribution = distributions.get(id);
    if (distribution === undefined) {
      distribution = { id, arn, server: await edgeServer(options) };
      distributions.set(id, distribution);
    }
    const origins = new Map(
      config.Origins.map((origin) => {
        const { OriginAccessControlId: access } = origin;
        if (access !== undefined && !accessControls.has(access))
          throw new Error(`There is no access control ${access}.`);
        const authorize = (action: string, on: string) => options.authorize(arn, action, on);
        return [origin.Id, originOf(origin, { ...options, authorize })] as const;
      }),
    );
    for (const behavior of [config.DefaultCacheBehavior, ...config.CacheBehaviors]) requireAll(behavior, origins);
    distribution.server.wire({ config, origins, cachePolicies, headersPolicies, functions });
    return { ref: id, attributes: { Id: id, DomainName: distribution.server.domainName } };
  };

  const requireAll = (behavior: Behavior, origins: ReadonlyMap<string, unknown>): void => {
    const { TargetOriginId: origin, CachePolicyId: cache, ResponseHeadersPolicyId: headers } = behavior;
    if (!origins.has(origin)) throw new Error(`A behaviour leads to the origin ${origin}, which is not there.`);
    // AWS's own policies have ids that stand for nothing here: the app makes its own.
    if (!cachePolicies.has(cache)) throw new Error(`There is no cache policy ${cache}.`);
    if (headers !== undefined && !headersPolicies.has(headers)) {
      throw new Error(`There is no response headers policy ${headers}.`);
    }
    const [{ FunctionARN: fn } = {}] = behavior.FunctionAssociations ?? [];
    if (fn !== undefined && !functions.has(fn)) throw new Error(`There is no function ${fn} at the edge.`);
  };

  const providers: ResourceProvider[] = [
    {
      type: 'AWS::CloudFront::Distribution',
      honoured: ['DistributionConfig'],
      ignored: ['Tags'],
      create: createDistribution,
      remove: async ({ ref }) => {
        const distribution = distributions.get(ref);
        distributions.delete(ref);
        await distribution?.server.close();
      },
    },
    {
      type: 'AWS::CloudFront::Function',
      honoured: ['Name', 'AutoPublish', 'FunctionCode', 'FunctionConfig'],
      ignored: ['Tags'],
      create: async (resource) => {
        const { Name, FunctionCode } = parsed(EdgeFunctionProperties, resource);
        const arn = `arn:aws:cloudfront::${LOCAL_ACCOUNT}:function/${Name}`;
        functions.set(arn, edgeFunction(FunctionCode));
        return { ref: arn, attributes: { FunctionARN: arn, Stage: 'LIVE' } };
      },
      remove: async ({ ref }) => void functions.delete(ref),
    },
    kept('AWS::CloudFront::CachePolicy', 'CachePolicyConfig', CachePolicyConfig, cachePolicies),
    kept(
      'AWS::CloudFront::ResponseHeadersPolicy',
      'ResponseHeadersPolicyConfig',
      ResponseHeadersPolicyConfig,
      headersPolicies,
    ),
    {
      type: 'AWS::CloudFront::OriginAccessControl',
      honoured: ['OriginAccessControlConfig'],
      ignored: [],
      create: async (resource) => {
        parsed(z.object({ OriginAccessControlConfig }), resource);
        accessControls.add(resource.physicalName);
        return { ref: resource.physicalName, attributes: { Id: resource.physicalName } };
      },
      remove: async ({ ref }) => void accessControls.delete(ref),
    },
  ];

  return {
    providers,
    list: () => [...distributions.values()].map(({ id, arn, server }) => ({ id, arn, url: server.url })),
    open: () => {
      for (const { server } of distributions.values()) server.open();
    },
    running: () => [...distributions.values()].reduce((sum, { server }) => sum + server.running(), 0),
    close: async () => {
      await Promise.all([...distributions.values()].map(({ server }) => server.close()));
    },
  };
}

/** A policy is what it says: distributions look it up by its id. */
function kept<T>(type: string, property: string, schema: z.ZodType<T>, into: Map<string, T>): ResourceProvider {
  return {
    type,
    honoured: [property],
    ignored: [],
    create: async (resource) => {
      const id = resource.physicalName;
      into.set(id, parsed(schema, { ...resource, properties: resource.properties[property] }));
      return { ref: id, attributes: { Id: id } };
    },
    remove: async ({ ref }) => void into.delete(ref),
  };
}

function parsed<T>(schema: z.ZodType<T>, { properties }: { properties: unknown }): T {
  const result = schema.safeParse(properties);
  if (result.success) return result.data;
  throw new Error(`The local cloud cannot run it so: ${z.prettifyError(result.error)}`);
}
