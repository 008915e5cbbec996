import { LOCAL_ACCOUNT, LOCAL_REGION, type ResourceProvider } from '../types.ts';

/** Types that a deployment needs and that do nothing on one machine: no mail leaves it, and it costs nothing. All their properties are ignored. */
export const acceptedProviders: readonly ResourceProvider[] = [
  {
    type: 'AWS::SNS::Topic',
    honoured: ['TopicName'],
    ignored: ['DisplayName', 'KmsMasterKeyId', 'Subscription', 'Tags'],
    create: async ({ physicalName, properties }) => {
      const name = typeof properties['TopicName'] === 'string' ? properties['TopicName'] : physicalName;
      const arn = `arn:aws:sns:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${name}`;
      return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
    },
  },
  // The AWS CLI beneath the CDK's BucketDeployment, whose function is not run here.
  named('AWS::Lambda::LayerVersion', [
    'Content',
    'Description',
    'CompatibleArchitectures',
    'CompatibleRuntimes',
    'LicenseInfo',
    'LayerName',
  ]),
  named('AWS::SNS::Subscription', ['TopicArn', 'Protocol', 'Endpoint']),
  named('AWS::SNS::TopicPolicy', ['Topics', 'PolicyDocument']),
  // Nobody looks at it here: the numbers are on the status page.
  named('AWS::CloudWatch::Dashboard', ['DashboardName', 'DashboardBody']),
  named('AWS::Budgets::Budget', ['Budget', 'NotificationsWithSubscribers', 'ResourceTags']),
];

function named(type: string, ignored: readonly string[]): ResourceProvider {
  return { type, honoured: [], ignored, create: async ({ physicalName }) => ({ ref: physicalName, attributes: {} }) };
}
