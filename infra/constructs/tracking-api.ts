import { Duration } from 'aws-cdk-lib';
import { CorsHttpMethod, HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Construct } from 'constructs';

/**
 * The tracking API's address with its CORS rules. It lies in shipped apps and web pages, so it is state: routes, stage and function are the Ingest
 * stack's, and may go and come again under the same address (decision 012). It holds no data, and goes with the Data stack.
 */
export class TrackingApi extends HttpApi {
  constructor(scope: Construct, id: string, { name }: { name: string }) {
    super(scope, id, {
      apiName: name,
      createDefaultStage: false,
      // Analytics.js is preflighted because of `authorization`, and sees a header of ours only if it is exposed. One preflight a day and URL.
      corsPreflight: {
        allowOrigins: ['*'],
        allowMethods: [CorsHttpMethod.POST, CorsHttpMethod.GET, CorsHttpMethod.OPTIONS],
        allowHeaders: ['authorization', 'x-retry-count', 'content-type'],
        exposeHeaders: ['Retry-After', 'X-RateLimit-Reset', 'Tributary-Rejected'],
        maxAge: Duration.days(1),
      },
    });
  }
}
