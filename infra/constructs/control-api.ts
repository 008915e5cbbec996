import { Duration } from 'aws-cdk-lib';
import { CorsHttpMethod, HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Construct } from 'constructs';

/** What Chromium keeps a preflight's answer at most. */
const PREFLIGHT_FRESH = Duration.hours(2);

/**
 * The address of the Public API and of the app's own routes, with its CORS rules. Scripts of others and the web app's configuration hold it, so it is
 * state, as the tracking API's is (decision 012): routes, stage and function are the Control stack's. Who asks shows a bearer token and never a cookie, so
 * the page of any origin may ask: without a token it learns nothing.
 */
export class ControlApi extends HttpApi {
  constructor(scope: Construct, id: string, { name }: { name: string }) {
    super(scope, id, {
      apiName: name,
      createDefaultStage: false,
      corsPreflight: {
        allowOrigins: ['*'],
        allowMethods: [
          CorsHttpMethod.GET,
          CorsHttpMethod.HEAD,
          CorsHttpMethod.POST,
          CorsHttpMethod.PUT,
          CorsHttpMethod.PATCH,
          CorsHttpMethod.DELETE,
        ],
        allowHeaders: ['authorization', 'content-type', 'accept', 'if-match', 'x-tributary-workspace'],
        exposeHeaders: [
          'ETag',
          'Retry-After',
          'X-RateLimit-Consumed',
          'X-RateLimit-Remaining',
          'X-RateLimit-Reset',
          'X-Request-Id',
          // Names the request in answers that are the gateway's own.
          'Apigw-Requestid',
          'Content-Disposition',
        ],
        maxAge: PREFLIGHT_FRESH,
      },
    });
  }
}
