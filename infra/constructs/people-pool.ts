/* oxlint-disable no-new -- a construct enters the tree by being made */
import { Duration, Fn, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AccountRecovery,
  FeaturePlan,
  ManagedLoginVersion,
  Mfa,
  ResourceServerScope,
  UserPool,
  UserPoolDomain,
  UserPoolResourceServer,
} from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import { APP_SCOPE_NAME, APP_SCOPE_SERVER, PASSWORD_CHARS_MIN } from '../../shared/config/sign-in.ts';

export type PeoplePoolProps = {
  stage: string;
  /** Begins the host name of the sign-in page, which is unique among all accounts of the Region. */
  signInPrefix: string | undefined;
  mfa: 'optional' | 'required';
};

/** Cognito: 7 days unless told otherwise; an owner who comes later has the invitation sent again. */
const TEMPORARY_PASSWORD_DAYS = 7;

/**
 * Who may sign in: accounts by e-mail that only administrators make, kept and protected like the tables. With it the host name of the sign-in page
 * and the scope that stands for our API: both are in registrations and tokens that others hold, so they live where the accounts live.
 */
export class PeoplePool extends UserPool {
  readonly signInDomain: UserPoolDomain;

  constructor(scope: Construct, id: string, { stage, signInPrefix, mfa }: PeoplePoolProps) {
    super(scope, id, {
      featurePlan: FeaturePlan.ESSENTIALS,
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      autoVerify: { email: true },
      // A new address counts only when its owner has confirmed it; until then the old one does.
      keepOriginal: { email: true },
      standardAttributes: {
        email: { required: true, mutable: true },
        fullname: { required: false, mutable: true },
      },
      passwordPolicy: {
        minLength: PASSWORD_CHARS_MIN,
        requireLowercase: false,
        requireUppercase: false,
        requireDigits: false,
        requireSymbols: false,
        tempPasswordValidity: Duration.days(TEMPORARY_PASSWORD_DAYS),
      },
      mfa: mfa === 'required' ? Mfa.REQUIRED : Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      // Sent to who has forgotten a password, too.
      userVerification: { emailSubject: 'Your Tributary code', emailBody: 'Your code for Tributary is {####}.' },
      userInvitation: {
        emailSubject: 'Your Tributary account',
        emailBody:
          'Sign in to Tributary as {username} with the temporary password {####}. You will be asked for a password of your own. ' +
          `The temporary one ends in ${TEMPORARY_PASSWORD_DAYS} days.`,
      },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });

    this.signInDomain = new UserPoolDomain(scope, `${id}SignIn`, {
      userPool: this,
      cognitoDomain: { domainPrefix: signInPrefixOf({ stage, signInPrefix }) },
      managedLoginVersion: ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    });
    new UserPoolResourceServer(scope, `${id}Api`, {
      userPool: this,
      identifier: APP_SCOPE_SERVER,
      userPoolResourceServerName: 'Tributary API',
      scopes: [new ResourceServerScope({ scopeName: APP_SCOPE_NAME, scopeDescription: 'Use Tributary as yourself' })],
    });

    for (const [rule, reason] of Object.entries(ACKNOWLEDGED)) Validations.of(this).acknowledge({ id: rule, reason });
    if (mfa === 'optional')
      Validations.of(this).acknowledge({
        id: 'AwsSolutions-COG2',
        reason: 'The operator decides: the setting mfa=required asks everybody for an authenticator app.',
      });
  }
}

/** What the host name of the sign-in page begins with. Said by other stacks from the settings, too: an export would hold the pool's domain where it is. */
export const signInPrefixOf = ({ stage, signInPrefix }: { stage: string; signInPrefix?: string | undefined }): string =>
  signInPrefix ?? Fn.sub(`tributary-${stage}-\${AWS::AccountId}`);

const ACKNOWLEDGED = {
  'AwsSolutions-COG1': `At least ${PASSWORD_CHARS_MIN} characters and no rules about which: such rules make passwords worse (NIST SP 800-63B, 3.1.1.2).`,
  'AwsSolutions-COG8':
    'The Plus plan has no free users and costs a third more than Essentials for each; who needs its threat protection signs in by SSO.',
};
