import * as z from 'zod';
import type { Clock, Created, LambdaHost, Meter, MetricSink, ResourceProvider, ResourceToCreate } from '../types.ts';
import { LOCAL_REGION } from '../types.ts';
import type { ApiServer } from './api-server.ts';
import { apiServer, INTEGRATION_TIMEOUT_MS_MAX } from './api-server.ts';
import { CorsConfiguration } from './cors.ts';

export type HttpApisOptions = {
  host: string;
  /** The port that an API should have, or the next free one after it; 0 for any. */
  portOf(api: { stackName: string; logicalId: string; name: string }): number;
  lambda: LambdaHost;
  clock: Clock;
  metrics: MetricSink;
  meter: Meter;
  onUnexpected(error: unknown, call: string): void;
};

export type HttpApis = {
  readonly providers: ResourceProvider[];
  /** The APIs made so far. Each listens from its making on, and answers 503 until `open`. */
  list(): { stackName: string; logicalId: string; name: string; apiId: string; url: string }[];
  open(): void;
  /** Requests being answered now. */
  running(): number;
  /** Answers what is under way, 503 to what comes, and closes. */
  close(): Promise<void>;
};

const ApiProperties = z.looseObject({
  Name: z.string(),
  ProtocolType: z.literal('HTTP'),
  CorsConfiguration: CorsConfiguration.optional(),
});
const IntegrationProperties = z.looseObject({
  ApiId: z.string(),
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
  TimeoutInMillis: z.coerce.number().int().min(50).max(INTEGRATION_TIMEOUT_MS_MAX).default(INTEGRATION_TIMEOUT_MS_MAX),
});
const RouteProperties = z.looseObject({
  ApiId: z.string(),
  RouteKey: z.string(),
  Target: z.string().startsWith('integrations/'),
  AuthorizationType: z.literal('NONE').default('NONE'),
});
const StageProperties = z.looseObject({
  ApiId: z.string(),
  StageName: z.literal('$default'),
  AutoDeploy: z.literal(true),
  DefaultRouteSettings: z
    .strictObject({
      ThrottlingBurstLimit: z.coerce.number().int().min(0).optional(),
      ThrottlingRateLimit: z.coerce.number().min(0).optional(),
      // Metrics of each route beside those of the API: nobody reads them here.
      DetailedMetricsEnabled: z.boolean().optional(),
    })
    .optional(),
});
const DomainNameProperties = z.looseObject({ DomainName: z.string() });

/** What an account has where a stage sets only one of the two (API Gateway quotas: 10,000 requests a second, 5,000 at once). */
const ACCOUNT_THROTTLE = { ratePerSecond: 10_000, burst: 5_000 };

/** API Gateway's HTTP APIs: each a server of its own, made by its resources. */
export function httpApis(options: HttpApisOptions): HttpApis {
  type Made = { stackName: string; logicalId: string; name: string; apiId: string; server: ApiServer };
  const apis = new Map<string, Made>();
  /** By the route's own name: an API may outlive the stack of its routes. */
  const routes = new Map<string, { apiId: string; routeKey: string }>();

  const requireApi = (apiId: string): Made => {
    const api = apis.get(apiId);
    if (api === undefined) throw new Error(`There is no HTTP API ${apiId}.`);
    return api;
  };

  const createApi = async (resource: ResourceToCreate): Promise<Created> => {
    const properties = parsed(ApiProperties, resource);
    const { stackName, logicalId, physicalName: apiId } = resource;
    let api = apis.get(apiId);
    if (api === undefined) {
      const about = { stackName, logicalId, name: properties.Name };
      const server = await apiServer({ ...options, ...about, apiId, port: options.portOf(about) });
      api = { ...about, apiId, server };
      apis.set(apiId, api);
    }
    api.server.setCors(properties.CorsConfiguration);
    return { ref: apiId, attributes: { ApiEndpoint: api.server.url, ApiId: apiId } };
  };

  const createIntegration = async (resource: ResourceToCreate): Promise<Created> => {
    const properties = parsed(IntegrationProperties, resource);
    const integrationId = resource.physicalName;
    requireApi(properties.ApiId).server.integrations.set(integrationId, {
      functionArn: functionArnOf(properties.IntegrationUri),
      timeoutMs: properties.TimeoutInMillis,
    });
    return { ref: integrationId, attributes: { IntegrationId: integrationId } };
  };

  const createRoute = async (resource: ResourceToCreate): Promise<Created> => {
    const properties = parsed(RouteProperties, resource);
    const { server } = requireApi(properties.ApiId);
    const integrationId = properties.Target.slice('integrations/'.length);
    if (!server.integrations.has(integrationId)) {
      throw new Error(
        `The route ${properties.RouteKey} leads to the integration ${integrationId}, which is not there.`,
      );
    }
    server.routes.add(properties.RouteKey, integrationId);
    routes.set(resource.physicalName, { apiId: properties.ApiId, routeKey: properties.RouteKey });
    return { ref: resource.physicalName, attributes: { RouteId: resource.physicalName } };
  };

  const createStage = async (resource: ResourceToCreate): Promise<Created> => {
    const properties = parsed(StageProperties, resource);
    const limits = properties.DefaultRouteSettings;
    const isThrottled = limits?.ThrottlingRateLimit !== undefined || limits?.ThrottlingBurstLimit !== undefined;
    requireApi(properties.ApiId).server.setThrottle(
      isThrottled
        ? {
            ratePerSecond: limits.ThrottlingRateLimit ?? ACCOUNT_THROTTLE.ratePerSecond,
            burst: limits.ThrottlingBurstLimit ?? ACCOUNT_THROTTLE.burst,
          }
        : undefined,
    );
    return { ref: properties.StageName, attributes: {} };
  };

  const providers: ResourceProvider[] = [
    {
      type: 'AWS::ApiGatewayV2::Api',
      honoured: ['Name', 'ProtocolType', 'CorsConfiguration'],
      // The local address is the only one, also where the template leaves just a domain of its own.
      ignored: ['Description', 'DisableExecuteApiEndpoint', 'RouteSelectionExpression', 'Tags', 'Version'],
      create: createApi,
      remove: async ({ ref }) => {
        const api = apis.get(ref);
        apis.delete(ref);
        await api?.server.close();
      },
    },
    {
      type: 'AWS::ApiGatewayV2::Integration',
      honoured: ['ApiId', 'IntegrationType', 'IntegrationUri', 'PayloadFormatVersion', 'TimeoutInMillis'],
      ignored: ['ConnectionType', 'Description', 'IntegrationMethod'],
      create: createIntegration,
      remove: async ({ ref }) => {
        for (const { server } of apis.values()) server.integrations.delete(ref);
      },
    },
    {
      type: 'AWS::ApiGatewayV2::Route',
      honoured: ['ApiId', 'RouteKey', 'Target', 'AuthorizationType'],
      ignored: ['OperationName'],
      create: createRoute,
      remove: async ({ ref }) => {
        const route = routes.get(ref);
        routes.delete(ref);
        if (route !== undefined) apis.get(route.apiId)?.server.routes.remove(route.routeKey);
      },
    },
    {
      type: 'AWS::ApiGatewayV2::Stage',
      honoured: ['ApiId', 'StageName', 'AutoDeploy', 'DefaultRouteSettings'],
      ignored: ['AccessLogSettings', 'Description', 'Tags'],
      create: createStage,
    },
    {
      // A domain of one's own means nothing on one machine.
      type: 'AWS::ApiGatewayV2::DomainName',
      honoured: ['DomainName'],
      ignored: ['DomainNameConfigurations', 'MutualTlsAuthentication', 'RoutingMode', 'Tags'],
      create: async (resource) => {
        const { DomainName } = parsed(DomainNameProperties, resource);
        const attributes = {
          DomainNameArn: `arn:aws:apigateway:${LOCAL_REGION}::/domainnames/${DomainName}`,
          RegionalDomainName: DomainName,
          RegionalHostedZoneId: 'Z0000000000000',
        };
        return { ref: DomainName, attributes };
      },
    },
    {
      type: 'AWS::ApiGatewayV2::ApiMapping',
      honoured: [],
      ignored: ['ApiId', 'ApiMappingKey', 'DomainName', 'Stage'],
      create: async (resource) => ({ ref: resource.physicalName, attributes: { ApiMappingId: resource.physicalName } }),
    },
  ];

  return {
    providers,
    list: () => [...apis.values()].map(({ server, ...about }) => ({ ...about, url: server.url })),
    open: () => {
      for (const { server } of apis.values()) server.open();
    },
    running: () => [...apis.values()].reduce((sum, { server }) => sum + server.running(), 0),
    close: async () => {
      await Promise.all([...apis.values()].map(({ server }) => server.close()));
    },
  };
}

/** A function's ARN, also where it comes wrapped as API Gateway's invocation URI. */
const functionArnOf = (uri: string): string => /functions\/(arn:[^/]+)\/invocations$/.exec(uri)?.[1] ?? uri;

function parsed<T>(schema: z.ZodType<T>, { properties }: ResourceToCreate): T {
  const result = schema.safeParse(properties);
  if (result.success) return result.data;
  throw new Error(`The local cloud cannot run it so: ${z.prettifyError(result.error)}`);
}
