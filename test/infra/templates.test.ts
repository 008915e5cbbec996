import { functionNames } from '../../infra/build/bundle.ts';
import { FUNCTION_LIMITS } from '../../infra/function-limits.ts';
import {
  aggregateUsageEnv,
  apiEnv,
  archiveEnv,
  cdnEnv,
  checkAlertsEnv,
  deliverEnv,
  emptyDeadLettersEnv,
  ingestEnv,
  notifyEnv,
  oauthEnv,
  routeEnv,
  sendAlertsEnv,
} from '../../shared/config/env.ts';
import { CONFIG_HINT_DETAIL_TYPE, CONFIG_HINT_SOURCE } from '../../shared/config/hint-names.ts';
import { LANE_DELAY_SECONDS_MAX } from '../../shared/config/limits.ts';
import { METRICS } from '../../shared/config/metrics.ts';
import { type Located, resourcesOf, templatesOf } from '../builders/templates.ts';

const templates = templatesOf();
const all = resourcesOf(templates);
const ofType = (type: string) => all.filter((resource) => resource.Type === type);

/** The logical name behind a Ref, GetAtt or import: `Intake`, `SharedLaneDeadLetters`, `RouteFunction` without the hash. */
function nameOf(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  const found =
    /ExportsOutput(?:FnGetAtt|Ref)(Lane\d\d|[A-Za-z]+?)(?=[0-9A-F]{8})/.exec(text) ??
    /"(?:Ref|Fn::GetAtt)":\[?"(Lane\d\d|[A-Za-z]+?)(?=[0-9A-F]{8})/.exec(text);
  return found?.[1] ?? text;
}
const bare = ({ id }: Located) => id.slice(0, -8);

const functions = ofType('AWS::Lambda::Function');
const mappings = ofType('AWS::Lambda::EventSourceMapping');
const queues = ofType('AWS::SQS::Queue');
const alarms = ofType('AWS::CloudWatch::Alarm');
const find = (list: Located[], name: string): Located => {
  const found = list.find((resource) => bare(resource) === name);
  if (found === undefined) throw new Error(`no ${name} among ${list.map(bare).join(', ')}`);
  return found;
};
const LANES = Array.from({ length: 16 }, (_, number) => `Lane${String(number).padStart(2, '0')}`);
/** The queues whose messages have come too often, which a function empties. */
const isEmptied = (name: string) => /^(Intake|SharedLane)DeadLetters$/.test(name);
const pairs = mappings.map((mapping) => ({
  mapping,
  fn: find(functions, nameOf(mapping.Properties['FunctionName'])),
  queue: find(queues, nameOf(mapping.Properties['EventSourceArn'])),
}));

const eventPairs = pairs.filter(({ queue }) => !isEmptied(bare(queue)));

describe('functions', () => {
  test('each folder of functions/ with a handler is deployed by exactly one construct, and nothing else is', async () => {
    const deployed = functions.map(({ Properties }) => String(Properties['Description']).split('functions/')[1] ?? '');
    expect(deployed.toSorted()).toEqual(Object.keys(FUNCTION_LIMITS).toSorted());
    expect(await functionNames()).toEqual(Object.keys(FUNCTION_LIMITS).toSorted());
  });

  test.each(functions.map((fn) => [bare(fn), fn] as const))(
    '%s runs on arm64 and Node 24 with quiet JSON logs',
    (_n, fn) => {
      expect(fn.Properties).toMatchObject({
        Architectures: ['arm64'],
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        LoggingConfig: {
          LogFormat: 'JSON',
          SystemLogLevel: 'WARN',
          ApplicationLogLevel: 'INFO',
          LogGroup: { Ref: expect.stringContaining('Log') },
        },
      });
      expect(fn.Properties).not.toHaveProperty('ReservedConcurrentExecutions');
      expect(fn.Properties).not.toHaveProperty('VpcConfig');
    },
  );

  test.each([
    ['IngestFunction', ingestEnv],
    ['OAuthFunction', oauthEnv],
    ['RouteFunction', routeEnv],
    ['DeliverFunction', deliverEnv],
    ['EmptyDeadLettersFunction', emptyDeadLettersEnv],
    ['ArchiveFunction', archiveEnv],
    ['ApiFunction', apiEnv],
    ['AggregateUsageFunction', aggregateUsageEnv],
    ['CheckAlertsFunction', checkAlertsEnv],
    ['NotifyFunction', notifyEnv],
    ['SendAlertsFunction', sendAlertsEnv],
    ['CdnSourcesFunction', cdnEnv],
  ])('%s gets exactly the environment of its contract, without a secret (L11)', (name, contract) => {
    const environment = find(functions, name).Properties['Environment'] as { Variables: Record<string, unknown> };
    const { NODE_OPTIONS, ...variables } = environment.Variables;
    expect(NODE_OPTIONS).toBe('--enable-source-maps');
    expect(Object.keys(variables).toSorted()).toEqual(Object.keys(contract.shape).toSorted());
    expect(Object.keys(variables).join()).not.toMatch(/SECRET|PASSWORD|TOKEN|CREDENTIAL|PRIVATE_KEY|API_KEY/);
  });

  test('logs are kept 30 days and go with their stack', () => {
    const groups = ofType('AWS::Logs::LogGroup');
    expect(groups).toHaveLength(functions.length);
    for (const group of groups) {
      expect(group).toMatchObject({ Properties: { RetentionInDays: 30 }, DeletionPolicy: 'Delete' });
    }
  });
});

describe('queues and event source mappings', () => {
  test('route empties the intake, deliver all lanes, archive its own, and one function both dead-letter queues of events', () => {
    expect(pairs.map(({ fn, queue }) => [bare(fn), bare(queue)])).toEqual([
      ['RouteFunction', 'IntakeQueue'],
      ['DeliverFunction', 'SharedLaneQueue'],
      ...LANES.map((lane) => ['DeliverFunction', lane]),
      ['EmptyDeadLettersFunction', 'IntakeDeadLetters'],
      ['EmptyDeadLettersFunction', 'SharedLaneDeadLetters'],
      ['ArchiveFunction', 'ArchiveQueue'],
    ]);
  });

  test.each(mappings.map((mapping) => [bare(mapping), mapping] as const))(
    '%s names failed messages one by one (Q1), filters none (Q17), and is limited here rather than at the function (Q4)',
    (_name, { Properties }) => {
      expect(Properties['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures']);
      expect(Properties).not.toHaveProperty('FilterCriteria');
      const { MaximumConcurrency } = Properties['ScalingConfig'] as { MaximumConcurrency: number };
      expect(MaximumConcurrency).toBeGreaterThanOrEqual(2);
    },
  );

  test.each(pairs.map((pair) => [bare(pair.queue), pair] as const))(
    '%s hides a message for six timeouts of its function and the window (Q3)',
    (_name, { queue, fn, mapping }) => {
      const timeoutSeconds = Number(fn.Properties['Timeout']);
      const windowSeconds = Number(mapping.Properties['MaximumBatchingWindowInSeconds']);
      expect(queue.Properties['VisibilityTimeout']).toBe(6 * timeoutSeconds + windowSeconds);
    },
  );

  test('batches of more than ten wait at least a second (Q12); events wait for nothing', () => {
    const batches = pairs.map(({ mapping, queue }) => [
      bare(queue),
      mapping.Properties['BatchSize'],
      mapping.Properties['MaximumBatchingWindowInSeconds'],
    ]);
    expect(batches).toEqual([
      ['IntakeQueue', 10, 0],
      ['SharedLaneQueue', 10, 0],
      ...LANES.map((lane) => [lane, 10, 0]),
      ['IntakeDeadLetters', 10, 0],
      ['SharedLaneDeadLetters', 10, 0],
      ['ArchiveQueue', 10_000, 300],
    ]);
  });

  test.each([
    [1_000, 16],
    [1_000, 40],
    [100, 16],
    [100, 0],
    [3_000, 40],
  ])(
    'of a quota of %i, with %i lanes, the mappings take 60 %% at most, and the shared lane 20 at least',
    (quota, lanes) => {
      const limits = Object.fromEntries(
        resourcesOf(templatesOf({ accountConcurrency: quota, lanes }), 'AWS::Lambda::EventSourceMapping').map(
          (mapping) => [
            nameOf(mapping.Properties['EventSourceArn']),
            (mapping.Properties['ScalingConfig'] as { MaximumConcurrency: number }).MaximumConcurrency,
          ],
        ),
      );
      expect(Object.values(limits).reduce((sum, limit) => sum + limit, 0)).toBeLessThanOrEqual(0.6 * quota);
      expect(limits['SharedLaneQueue']).toBeGreaterThanOrEqual(20);
    },
  );

  test.each(eventPairs.map(({ queue }) => [bare(queue), queue] as const))(
    '%s sends a message to a dead-letter queue after 100 receives, which for all lanes is one',
    (name, queue) => {
      const redrive = queue.Properties['RedrivePolicy'] as { deadLetterTargetArn: unknown; maxReceiveCount: number };
      expect(redrive.maxReceiveCount).toBe(100);
      const own = LANES.includes(name) ? 'SharedLaneDeadLetters' : name.replace(/Queue$/, 'DeadLetters');
      expect(nameOf(redrive.deadLetterTargetArn)).toBe(own);
    },
  );

  test.each(queues.map((queue) => [bare(queue), queue] as const))(
    '%s is a standard queue (Q16) that keeps messages 14 days (Q10), encrypted by SQS itself (Q18)',
    (_name, { Properties }) => {
      expect(Properties).toMatchObject({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
      expect(Properties).not.toHaveProperty('FifoQueue');
      expect(Properties).not.toHaveProperty('KmsMasterKeyId');
    },
  );

  test('the names of the lanes’ queues are in their order', () => {
    for (const name of ['RouteFunction', 'DeliverFunction']) {
      const { Variables } = find(functions, name).Properties['Environment'] as { Variables: Record<string, unknown> };
      const { 'Fn::Join': joined } = Variables['LANE_QUEUE_NAMES'] as { 'Fn::Join': [string, unknown[]] };
      expect(joined[0]).toBe('');
      expect(joined[1].map((part) => (part === ',' ? part : nameOf(part))).join('')).toBe(LANES.join(','));
    }
  });

  test('queues of events take 1 MiB (Q13)', () => {
    for (const queue of queues.filter(({ part }) => part === 'Data')) {
      expect(queue.Properties['MaximumMessageSize']).toBe(1_048_576);
    }
  });

  test('only functions that send to where their messages come from may do so without end (L1)', () => {
    const looping = functions.filter(({ Properties }) => Properties['RecursiveLoop'] !== undefined);
    expect(looping.map((fn) => [bare(fn), fn.Properties['RecursiveLoop']])).toEqual([
      ['DeliverFunction', 'Allow'],
      ['EmptyDeadLettersFunction', 'Allow'],
    ]);
  });
});

describe('tables', () => {
  const tables = ofType('AWS::DynamoDB::GlobalTable');
  type Replica = { DeletionProtectionEnabled: boolean; PointInTimeRecoverySpecification: Record<string, unknown> };

  test.each([
    ['Control', { expires: true, recoveryDays: 35 }],
    ['Seen', { expires: true, recoveryDays: undefined }],
    ['Ledger', { expires: true, recoveryDays: 35 }],
    ['Samples', { expires: true, recoveryDays: undefined }],
    ['Usage', { expires: true, recoveryDays: undefined }],
  ])('%s is billed by request, protected, and expires and recovers as designed', (name, { expires, recoveryDays }) => {
    const { Properties } = find(tables, name);
    expect(Properties['BillingMode']).toBe('PAY_PER_REQUEST');
    expect(Properties['TimeToLiveSpecification']).toEqual(
      expires ? { AttributeName: 'expiresAtSeconds', Enabled: true } : undefined,
    );
    // One index at a time can be added later; none is there now (C2).
    expect(Properties).not.toHaveProperty('GlobalSecondaryIndexes');
    const [replica, ...others] = Properties['Replicas'] as Replica[];
    expect(others).toEqual([]);
    expect(replica?.DeletionProtectionEnabled).toBe(true);
    expect(replica?.PointInTimeRecoverySpecification).toEqual(
      recoveryDays === undefined
        ? { PointInTimeRecoveryEnabled: false }
        : { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: recoveryDays },
    );
  });

  test('there is no other table', () => {
    expect(tables).toHaveLength(5);
  });
});

describe('buckets and key', () => {
  test.each([
    ['ArchiveBucket', 'archiveRetentionDays', 365],
    ['DeadLetterBucket', 'deadLetterRetentionDays', 30],
  ])('%s is private and deletes objects after %s', (name, setting, byDefault) => {
    for (const [context, days] of [
      [{}, byDefault],
      [{ [setting]: 77 }, 77],
    ] as const) {
      const bucket = find(resourcesOf(templatesOf(context), 'AWS::S3::Bucket'), name);
      expect(bucket.Properties).toEqual({
        BucketEncryption: expect.anything(),
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        LifecycleConfiguration: {
          Rules:
            name === 'ArchiveBucket'
              ? [
                  ...['source=', 'digests/', 'late/'].map((Prefix) => ({
                    Status: 'Enabled',
                    Prefix,
                    ExpirationInDays: days,
                  })),
                  { Status: 'Enabled', Prefix: 'usage/', ExpirationInDays: 60 },
                  { Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
                ]
              : [
                  {
                    Status: 'Enabled',
                    ExpirationInDays: days,
                    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
                  },
                ],
        },
      });
    }
  });

  test('there is one key, it rotates, and there is no secret in Secrets Manager (K1)', () => {
    expect(ofType('AWS::KMS::Key').map(({ Properties }) => Properties['EnableKeyRotation'])).toEqual([true]);
    expect(ofType('AWS::SecretsManager::Secret')).toEqual([]);
  });
});

describe('HTTP APIs', () => {
  test('the gateway answers every preflight, of client libraries and of the app; the CDN’s own API has no CORS (G4)', () => {
    const cors = ofType('AWS::ApiGatewayV2::Api').map(({ Properties }) => [
      Properties['Name'],
      Properties['CorsConfiguration'],
    ]);
    expect(cors).toEqual([
      [
        'Tributary dev tracking',
        {
          AllowOrigins: ['*'],
          AllowMethods: ['POST', 'GET', 'OPTIONS'],
          AllowHeaders: ['authorization', 'x-retry-count', 'content-type'],
          ExposeHeaders: ['Retry-After', 'X-RateLimit-Reset', 'Tributary-Rejected'],
          MaxAge: 86_400,
        },
      ],
      [
        'Tributary dev api',
        {
          AllowOrigins: ['*'],
          AllowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
          AllowHeaders: ['authorization', 'content-type', 'accept', 'if-match', 'x-tributary-workspace'],
          ExposeHeaders: [
            'ETag',
            'Retry-After',
            'X-RateLimit-Consumed',
            'X-RateLimit-Remaining',
            'X-RateLimit-Reset',
            'X-Request-Id',
            'Apigw-Requestid',
            'Content-Disposition',
          ],
          MaxAge: 7_200,
        },
      ],
      ['Tributary dev cdn', undefined],
    ]);
  });

  test('each stage is throttled (G8)', () => {
    const stages = ofType('AWS::ApiGatewayV2::Stage').map(({ Properties }) => Properties['DefaultRouteSettings']);
    expect(stages).toEqual([
      { ThrottlingRateLimit: 2_000, ThrottlingBurstLimit: 4_000 },
      { ThrottlingRateLimit: 200, ThrottlingBurstLimit: 400 },
      { ThrottlingRateLimit: 1_000, ThrottlingBurstLimit: 2_000 },
    ]);
  });

  test('the routes are those of the tracking API, everything of the control plane, and the CDN’s sources', () => {
    expect(ofType('AWS::ApiGatewayV2::Route').map(({ Properties }) => Properties['RouteKey'])).toEqual([
      'POST /v1/{proxy+}',
      'GET /v1/pixel/{call}',
      'GET /v1/hooks/{source}',
      'HEAD /v1/hooks/{source}',
      'POST /token',
      ...['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].flatMap((method) => [`${method} /`, `${method} /{proxy+}`]),
      'GET /v1/projects/{proxy+}',
      'HEAD /v1/projects/{proxy+}',
      'GET /analytics.js/v1/{proxy+}',
      'HEAD /analytics.js/v1/{proxy+}',
    ]);
  });

  test('no route of an API with CORS takes OPTIONS: it would get the preflights, which cost then and need an answer (G4)', () => {
    const withCors = ofType('AWS::ApiGatewayV2::Api').filter(({ Properties }) => 'CorsConfiguration' in Properties);
    const routes = ofType('AWS::ApiGatewayV2::Route').filter(({ Properties }) =>
      withCors.some((api) => JSON.stringify(Properties['ApiId']).includes(api.id)),
    );
    expect(routes).toHaveLength(17);
    for (const { Properties } of routes) expect(Properties['RouteKey']).not.toMatch(/^(?:ANY|OPTIONS|\$default)/);
  });

  test('the gateway outlasts its function and stays below its own 30 s (L2)', () => {
    const timeouts = ofType('AWS::ApiGatewayV2::Integration').map(({ Properties }) => {
      const fn = find(functions, nameOf(Properties['IntegrationUri']));
      return { gatewayMs: Number(Properties['TimeoutInMillis']), functionMs: Number(fn.Properties['Timeout']) * 1_000 };
    });
    expect(timeouts).toHaveLength(4);
    for (const { gatewayMs, functionMs } of timeouts) {
      expect(gatewayMs).toBeGreaterThan(functionMs);
      expect(gatewayMs).toBeLessThanOrEqual(30_000);
    }
  });

  test('with a domain the tracking URL is that domain, and deliver refuses to send there', () => {
    const own = templatesOf({ domain: 't.example.com', certificateArn: 'arn:aws:acm:eu-west-1:1:certificate/7d5c' });
    expect(own.Ingest.Outputs['TrackingUrl']?.Value).toBe('https://t.example.com');
    expect(own.Ingest.Outputs['TrackingDomainTarget']).toBeDefined();
    expect(resourcesOf(own, 'AWS::ApiGatewayV2::DomainName')).toHaveLength(1);
    expect(resourcesOf(own, 'AWS::ApiGatewayV2::ApiMapping')).toHaveLength(1);
    const deliver = find(resourcesOf(own, 'AWS::Lambda::Function'), 'DeliverFunction');
    expect(ownHostsOf(deliver)).toEqual(['t.example.com', OWN_HOST]);
  });

  test('without one, deliver refuses the API’s own host', () => {
    expect(ownHostsOf(find(functions, 'DeliverFunction'))).toEqual([OWN_HOST]);
  });
});

const OWN_HOST = 'TrackingApi.ApiEndpoint[2]';

/** The entries of OWN_HOSTS; the host of an API as `<logical name>.<attribute>[<segment of its URL>]`. */
function ownHostsOf(fn: Located): string[] {
  const { Variables } = fn.Properties['Environment'] as { Variables: Record<string, unknown> };
  const value = Variables['OWN_HOSTS'];
  const parts =
    typeof value === 'object' && value !== null && 'Fn::Join' in value
      ? (value['Fn::Join'] as [string, unknown[]])[1]
      : [value];
  const texts = parts.map((part) => {
    if (typeof part === 'string') return part;
    const {
      'Fn::Select': [
        index,
        {
          'Fn::Split': [separator, url],
        },
      ],
    } = part as { 'Fn::Select': [number, { 'Fn::Split': [string, unknown] }] };
    expect(separator).toBe('/');
    return `${nameOf(url)}.${/ApiEndpoint/.exec(JSON.stringify(url))?.[0]}[${index}]`;
  });
  return texts.join('').split(',');
}

describe('what runs by the clock', () => {
  const RUNS = [
    ['SendAlerts', 'cron(* * * * ? *)'],
    ['Notify', 'cron(35 * * * ? *)'],
    ['ReplayRunner', 'cron(* * * * ? *)'],
    ['AggregateUsage', 'cron(5 * * * ? *)'],
    ['CheckAlerts', 'cron(* * * * ? *)'],
  ] as const;
  const missedOf = (name: string) => ({
    'Fn::GetAtt': [
      expect.stringMatching(new RegExp(`^${name.replace('Runner', '')}(?:Hourly|EveryMinute)Missed`)),
      'Arn',
    ],
  });

  test('has its retries said, and a run that fails for good is noted (L8)', () => {
    expect(ofType('AWS::Lambda::EventInvokeConfig').map(({ Properties }) => Properties)).toEqual(
      RUNS.map(([name]) => ({
        FunctionName: { Ref: expect.stringMatching(new RegExp(`^${name}Function`)) },
        Qualifier: '$LATEST',
        MaximumRetryAttempts: 2,
        MaximumEventAgeInSeconds: 3_600,
        DestinationConfig: { OnFailure: { Destination: missedOf(name) } },
      })),
    );
    expect(ofType('AWS::Scheduler::Schedule').map(({ Properties }) => Properties)).toEqual(
      RUNS.map(([name, cron]) =>
        expect.objectContaining({
          ScheduleExpression: cron,
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: expect.objectContaining({
            Arn: { 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^${name}Function`)), 'Arn'] },
            RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3_600 },
            DeadLetterConfig: { Arn: missedOf(name) },
          }),
        }),
      ),
    );
  });

  test('is told of changes meanwhile: one bus, one rule, its retries said, the same queue for what was missed', () => {
    expect(ofType('AWS::Events::EventBus').map(({ part, Properties }) => [part, Properties])).toEqual([
      ['Control', { Name: 'Tributary-dev' }],
    ]);
    expect(ofType('AWS::Events::Rule').map(({ Properties }) => Properties)).toEqual([
      {
        EventBusName: { Ref: expect.stringMatching(/^HintsBus/) },
        EventPattern: { source: [CONFIG_HINT_SOURCE], 'detail-type': [CONFIG_HINT_DETAIL_TYPE] },
        State: 'ENABLED',
        Targets: [
          {
            Arn: { 'Fn::GetAtt': [expect.stringMatching(/^NotifyFunction/), 'Arn'] },
            Id: 'Target0',
            RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3_600 },
            DeadLetterConfig: { Arn: missedOf('Notify') },
          },
        ],
      },
    ]);
    const { Variables } = find(functions, 'ApiFunction').Properties['Environment'] as {
      Variables: Record<string, unknown>;
    };
    expect(Variables['EVENT_BUS_NAME']).toBe('Tributary-dev');
  });
});

describe('alarms', () => {
  const watched = (metric: string, key: string) =>
    alarms
      .filter(({ Properties }) => Properties['MetricName'] === metric)
      .map(({ Properties }) => {
        const dimensions = Properties['Dimensions'] as { Name: string; Value: unknown }[];
        return nameOf(dimensions.find(({ Name }) => Name === key)?.Value);
      });

  test('each function has an alarm on errors', () => {
    expect(watched('Errors', 'FunctionName').toSorted()).toEqual(functions.map(bare).toSorted());
  });

  test('each queue of events has one on age (Q18) and one on messages in flight (Q8)', () => {
    const consumed = eventPairs.map(({ queue }) => bare(queue));
    expect(watched('ApproximateAgeOfOldestMessage', 'QueueName').toSorted()).toEqual(consumed.toSorted());
    // Of a lane, MaximumConcurrency batches of ten are in flight at most.
    const many = consumed.filter((name) => !LANES.includes(name));
    expect(watched('ApproximateNumberOfMessagesNotVisible', 'QueueName').toSorted()).toEqual(many.toSorted());
  });

  test('no message waits long enough on purpose to set off an alarm on age (Q18)', () => {
    const thresholds = alarms
      .filter(({ id }) => /^(SharedLane|Lane\d\d)TooOld/.test(id))
      .map(({ Properties }) => Number(Properties['Threshold']));
    expect(thresholds).toHaveLength(17);
    expect(Math.min(...thresholds)).toBeGreaterThanOrEqual(2 * LANE_DELAY_SECONDS_MAX);
  });

  test('each dead-letter queue has one: at the first message, or where a function empties it, at one that stays', () => {
    const others = queues.map(bare).filter((name) => !eventPairs.some(({ queue }) => bare(queue) === name));
    expect(watched('ApproximateNumberOfMessagesVisible', 'QueueName').toSorted()).toEqual(others.toSorted());
    const staying = alarms.filter(({ Properties }) => Properties['Statistic'] === 'Minimum');
    expect(staying.map(({ id, Properties }) => [id.slice(0, -8), Properties['Period']])).toEqual([
      ['IntakeHasDeadLetters', 900],
      ['SharedLaneHasDeadLetters', 900],
    ]);
  });

  test('what the function puts away is told, too', () => {
    expect(watched('NumberOfMessagesReceived', 'QueueName')).toEqual(['IntakeDeadLetters', 'SharedLaneDeadLetters']);
  });

  test('each metric of our own has one, in the namespace of its stage (M2)', () => {
    const own = alarms
      .filter(({ Properties }) => Properties['Namespace'] === 'Tributary/dev')
      .map(({ Properties }) => Properties['MetricName']);
    expect(new Set(own)).toEqual(new Set(METRICS));
    expect(own).toHaveLength(METRICS.length);
  });

  test('all go to the one topic, which mails the owner; the owner must be named at deployment', () => {
    for (const { Properties } of alarms) {
      expect((Properties['AlarmActions'] as unknown[]).map(nameOf)).toEqual(['Alarms']);
    }
    expect(ofType('AWS::SNS::Subscription').map(({ Properties }) => Properties)).toEqual([
      { Protocol: 'email', Endpoint: { Ref: 'OwnerEmail' }, TopicArn: expect.anything() },
    ]);
    expect(templates.Control.Parameters['OwnerEmail']).not.toHaveProperty('Default');
  });

  test('the budget is the setting’s, and mails the owner at 80 % spent and when the month is heading above it', () => {
    const [budget] = resourcesOf(templatesOf({ monthlyBudgetUsd: '123' }), 'AWS::Budgets::Budget');
    const subscribers = [{ SubscriptionType: 'EMAIL', Address: { Ref: 'OwnerEmail' } }];
    const rule = { ComparisonOperator: 'GREATER_THAN', ThresholdType: 'PERCENTAGE' };
    expect(budget?.Properties).toEqual({
      Budget: { BudgetType: 'COST', TimeUnit: 'MONTHLY', BudgetLimit: { Amount: 123, Unit: 'USD' } },
      NotificationsWithSubscribers: [
        { Notification: { ...rule, NotificationType: 'ACTUAL', Threshold: 80 }, Subscribers: subscribers },
        { Notification: { ...rule, NotificationType: 'FORECASTED', Threshold: 100 }, Subscribers: subscribers },
      ],
    });
  });
});
