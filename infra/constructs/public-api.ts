import { Duration, Validations } from 'aws-cdk-lib';
import {
  DomainName,
  type HttpApi,
  type HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

export type PublicApiProps = {
  /** May be of another stack. */
  api: HttpApi;
  fn: LambdaFunction;
  /** `fn`: another function than the API's own. */
  routes: readonly { method: HttpMethod; path: string; fn?: LambdaFunction }[];
  requestsPerSecondMax: number;
  burstMax: number;
  domain?: { name: string; certificateArn: string };
  /** Why the gateway lets everybody through to the function. */
  unauthenticatedBecause: string;
};

/** What the gateway waits beyond the function's own timeout, so that the function's answer always comes first. HTTP APIs wait 30 s at most. */
const GATEWAY_GRACE_SECONDS = 2;

/**
 * What leads from an HTTP API to one function: routes and stage, throttled. No access log: CloudWatch would bill each request's line at more than the request costs, and
 * the lines hold client addresses; counts and answers are in API Gateway's metrics, refusals in our books.
 */
export class PublicApi extends Construct {
  /** Origin, without a trailing slash. */
  readonly url: string;
  /** What the DNS entry of the own domain points at. */
  readonly domainTarget?: string;

  constructor(scope: Construct, id: string, props: PublicApiProps) {
    super(scope, id);
    const { api } = props;
    const domain =
      props.domain &&
      new DomainName(this, 'Domain', {
        domainName: props.domain.name,
        certificate: Certificate.fromCertificateArn(this, 'Certificate', props.domain.certificateArn),
        securityPolicy: SecurityPolicy.TLS_1_2,
      });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: api,
      autoDeploy: true,
      domainMapping: domain && { domainName: domain },
      throttle: { rateLimit: props.requestsPerSecondMax, burstLimit: props.burstMax },
    });
    const integrationOf = (name: string, fn: LambdaFunction) =>
      new HttpLambdaIntegration(name, fn, {
        timeout: Duration.seconds((fn.timeout?.toSeconds() ?? 0) + GATEWAY_GRACE_SECONDS),
      });
    const own = integrationOf('Function', props.fn);
    for (const { method, path, fn } of props.routes) {
      const integration = fn === undefined ? own : integrationOf(`Function${path}`, fn);
      const route = new HttpRoute(this, `${method}${path}`, {
        httpApi: api,
        routeKey: HttpRouteKey.with(path, method),
        integration,
      });
      Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason: props.unauthenticatedBecause });
    }
    Validations.of(stage).acknowledge({
      id: 'AwsSolutions-APIG1',
      reason:
        'An access log line costs more than the request and holds client addresses; metrics and our own books count every answer.',
    });

    this.url = props.domain ? `https://${props.domain.name}` : api.apiEndpoint;
    this.domainTarget = domain?.regionalDomainName;
  }
}
