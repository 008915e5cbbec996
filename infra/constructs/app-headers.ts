import { Duration } from 'aws-cdk-lib';
import { HeadersFrameOption, HeadersReferrerPolicy, ResponseHeadersPolicy } from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';

/** Origins beside its own that the app speaks with. */
export type AppOrigins = {
  api: string;
  /** Where the issuer's discovery document and keys are. */
  issuer: string;
  /** Where people sign in and tokens are exchanged. */
  signIn: string;
};

/** How long a browser that has seen the app asks for its host by TLS alone. */
const TLS_ONLY = Duration.days(365);

/** Nothing of these is used. What is not listed stays as browsers have it. */
const PERMISSIONS = ['camera', 'geolocation', 'microphone', 'payment', 'usb'].map((name) => `${name}=()`).join(', ');

/** No script but the app's own files, and no place to send anything to but its API and the sign-in page. Libraries of the app write style elements. */
export const appContentPolicy = ({ api, issuer, signIn }: AppOrigins): string =>
  [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ${api} ${issuer} ${signIn}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    `form-action 'self' ${signIn}`,
    "object-src 'none'",
  ].join('; ');

/** Headers of the app's own files. No CORS: no page of another origin has any business with them. */
export class AppHeaders extends ResponseHeadersPolicy {
  constructor(scope: Construct, id: string, { name, origins }: { name: string; origins: AppOrigins }) {
    const override = true;
    super(scope, id, {
      responseHeadersPolicyName: name,
      comment: 'The web app: its own scripts, its API, no frames',
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy: appContentPolicy(origins), override },
        contentTypeOptions: { override },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN, override },
        strictTransportSecurity: { accessControlMaxAge: TLS_ONLY, override },
      },
      customHeadersBehavior: {
        customHeaders: [
          { header: 'Cross-Origin-Opener-Policy', value: 'same-origin', override },
          { header: 'Cross-Origin-Resource-Policy', value: 'same-origin', override },
          { header: 'Permissions-Policy', value: PERMISSIONS, override },
        ],
      },
    });
  }
}
