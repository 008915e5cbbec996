import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  closedAfterEach,
  type LocalFunctions,
  ROLE_ARN,
  someLocalFunctions,
} from '../../../builders/local-functions.ts';
import { createResource } from '../../../builders/local-queues.ts';

const closing = closedAfterEach<LocalFunctions>();

// One counter and one number by which environments are told apart.
const STATEFUL = `
  const environment = Math.random();
  let calls = 0;
  export const handler = async (event) => {
    if (event?.boom) throw new RangeError('no such page');
    return { environment, calls: ++calls };
  };
`;
type Stateful = { environment: number; calls: number };

describe.each([
  ['worker threads', false],
  ['child processes', true],
])('in %s', (_name, processes) => {
  const setUp = (more: { maxEnvironments?: number; spareEnvironments?: number } = {}) =>
    closing(someLocalFunctions({ processes, ...more }));
  const stateOf = async (functions: LocalFunctions, event: unknown = {}): Promise<Stateful> => {
    const result = await functions.lambda.invoke('f', event);
    if (!result.ok) throw new Error(result.errorMessage);
    return result.payload as Stateful;
  };

  test('the handler gets the event and a context, and its answer comes back as JSON', async () => {
    const functions = setUp();
    await functions.add(
      'f',
      `export const handler = async (event, context) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        const { getRemainingTimeInMillis, ...rest } = context;
        return { event, context: rest, remainingMs: getRemainingTimeInMillis(), nothing: undefined, when: new Date(0) };
      };`,
      { MemorySize: 256, Timeout: 7 },
    );
    const result = await functions.lambda.invoke('arn:aws:lambda:us-east-1:000000000000:function:f', {
      text: 'é\u2028👩',
    });
    expect(result).toEqual({
      ok: true,
      payload: {
        event: { text: 'é\u2028👩' },
        context: {
          awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          functionName: 'f',
          functionVersion: '$LATEST',
          invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
          memoryLimitInMB: '256',
          logGroupName: '/aws/lambda/f',
          logStreamName: expect.stringContaining('[$LATEST]'),
        },
        remainingMs: expect.any(Number),
        when: '1970-01-01T00:00:00.000Z',
      },
    });
    const { remainingMs } = (result.ok ? result.payload : {}) as { remainingMs: number };
    expect(remainingMs).toBeGreaterThan(5_000);
    expect(remainingMs).toBeLessThanOrEqual(6_985);
  });

  test('the environment holds what the template, Lambda and the host give, and nothing of the host itself', async () => {
    process.env['TRIBUTARY_TEST_SECRET'] = 'of the host';
    const functions = setUp();
    await functions.add('f', 'export const handler = async () => process.env;', {
      Environment: { Variables: { TABLE_NAME: 'control', NODE_OPTIONS: '--enable-source-maps' } },
    });
    const result = await functions.lambda.invoke('f', {});
    delete process.env['TRIBUTARY_TEST_SECRET'];
    const names = Object.keys((result.ok ? result.payload : {}) as Record<string, string>);
    // The channel of a child process announces itself by NODE_CHANNEL_*.
    expect(names.filter((name) => !name.startsWith('NODE_CHANNEL_')).toSorted()).toEqual([
      'AWS_ACCESS_KEY_ID',
      'AWS_EXECUTION_ENV',
      'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
      'AWS_LAMBDA_FUNCTION_NAME',
      'AWS_LAMBDA_FUNCTION_VERSION',
      'AWS_LAMBDA_INITIALIZATION_TYPE',
      'AWS_LAMBDA_LOG_GROUP_NAME',
      'AWS_LAMBDA_LOG_STREAM_NAME',
      'AWS_REGION',
      'AWS_SECRET_ACCESS_KEY',
      'LAMBDA_TASK_ROOT',
      'LANG',
      'NODE_OPTIONS',
      'PATH',
      'TABLE_NAME',
      'TZ',
      '_HANDLER',
    ]);
    expect(result).toMatchObject({ ok: true, payload: { TABLE_NAME: 'control', AWS_ACCESS_KEY_ID: 'key-of-f' } });
  });

  test('two functions share no module state, and each keeps its own from call to call', async () => {
    const functions = setUp();
    await functions.add('f', STATEFUL);
    await functions.add('g', STATEFUL);
    const first = await stateOf(functions);
    await functions.lambda.invoke('g', {});
    expect(await stateOf(functions)).toEqual({ environment: first.environment, calls: 2 });
  });

  // AWS, "Lambda runtime environment": after a handler's error the environment is kept; after a crash or a timeout it is not.
  test('a throw is reported by name and message, and the environment lives on', async () => {
    const functions = setUp();
    await functions.add('f', STATEFUL);
    const before = await stateOf(functions);
    await expect(functions.lambda.invoke('f', { boom: true })).resolves.toEqual({
      ok: false,
      errorType: 'RangeError',
      errorMessage: 'no such page',
    });
    expect(await stateOf(functions)).toEqual({ environment: before.environment, calls: 2 });
  });

  test.each([
    ['loops without end', 'for (;;);', 'Sandbox.Timedout', /Task timed out after 1\.00 seconds$/],
    ['exits', 'process.exit(3);', 'Runtime.ExitError', /Runtime exited with error: exit status 3$/],
    [
      'exits as if all were well',
      'process.exit(0);',
      'Runtime.ExitError',
      /Runtime exited without providing a reason$/,
    ],
    [
      'fills its memory',
      'const all = []; for (;;) all.push(new Array(10_000).fill(all.length));',
      'Runtime.OutOfMemory',
      /Runtime exited with error: signal: killed$/,
    ],
    [
      'leaves a rejection unhandled',
      "void Promise.reject(new Error('lost')); await new Promise((r) => setTimeout(r, 500));",
      'Runtime.UnhandledPromiseRejection',
      /^Error: lost$/,
    ],
    [
      'throws in a timer',
      "setTimeout(() => { throw new TypeError('late'); }, 1); await new Promise((r) => setTimeout(r, 500));",
      'TypeError',
      /^late$/,
    ],
  ])(
    'a function that %s gets the error Lambda would report, and a fresh environment next time',
    async (_case, code, errorType, message) => {
      const functions = setUp();
      const source = STATEFUL.replace('if (event?.boom)', `if (event?.harm) { ${code} }\n if (event?.boom)`);
      await functions.add('f', source, { Timeout: errorType === 'Sandbox.Timedout' ? 1 : 20 });
      const before = await stateOf(functions);
      await expect(functions.lambda.invoke('f', { harm: true })).resolves.toEqual({
        ok: false,
        errorType,
        errorMessage: expect.stringMatching(message),
      });
      const after = await stateOf(functions);
      expect(after.calls).toBe(1);
      expect(after.environment).not.toBe(before.environment);
    },
  );

  test('one environment runs one invocation at a time; at most so many exist, and further calls wait', async () => {
    const functions = setUp({ maxEnvironments: 2, spareEnvironments: 0 });
    await functions.add(
      'f',
      `const environment = Math.random();
      let busy = 0;
      export const handler = async () => {
        busy += 1;
        await new Promise((resolve) => setTimeout(resolve, 30));
        const most = busy;
        busy -= 1;
        return { environment, most };
      };`,
      { Timeout: 10 },
    );
    const results = await Promise.all(Array.from({ length: 6 }, () => functions.lambda.invoke('f', {})));
    const answers = results.map((result) =>
      result.ok ? (result.payload as { environment: number; most: number }) : undefined,
    );
    expect(answers.map((answer) => answer?.most)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(new Set(answers.map((answer) => answer?.environment)).size).toBe(2);
    const concurrent = functions.metrics
      .filter(({ name }) => name === 'ConcurrentExecutions')
      .map(({ value }) => value);
    expect(Math.max(...concurrent)).toBe(2);
  });

  test('code that changed on disk runs from the next invocation on', async () => {
    const functions = setUp();
    const file = await functions.add('f', "export const handler = async () => 'old';");
    await expect(functions.lambda.invoke('f', {})).resolves.toEqual({ ok: true, payload: 'old' });
    writeFileSync(file, "export const handler = async () => 'new';");
    utimesSync(file, 1, 1);
    await expect(functions.lambda.invoke('f', {})).resolves.toEqual({ ok: true, payload: 'new' });
  });

  test('a template that changed is obeyed from the next invocation on', async () => {
    const functions = setUp();
    const source = 'export const handler = async () => process.env.COLOUR;';
    await functions.add('f', source, { Environment: { Variables: { COLOUR: 'red' } } });
    await expect(functions.lambda.invoke('f', {})).resolves.toEqual({ ok: true, payload: 'red' });
    await functions.add('f', source, { Environment: { Variables: { COLOUR: 'blue' } } });
    await expect(functions.lambda.invoke('f', {})).resolves.toEqual({ ok: true, payload: 'blue' });
  });

  test('each line that is written reaches the log with its invocation, as it was written', async () => {
    const functions = setUp();
    await functions.add(
      'f',
      `export const handler = async (event, { awsRequestId }) => {
        process.stdout.write('{"a":');
        process.stdout.write('1}\\n');
        process.stderr.write('without an end');
        return awsRequestId;
      };`,
    );
    const requests = [await functions.lambda.invoke('f', {}), await functions.lambda.invoke('f', {})];
    expect(functions.logs).toEqual(
      requests.flatMap((result) => {
        const line = { functionName: 'f', requestId: result.ok ? result.payload : '', atMs: expect.any(Number) };
        return [
          { ...line, line: '{"a":1}' },
          { ...line, line: 'without an end' },
        ];
      }),
    );
  });
});

test.each([
  ['no module', 'export const handler = 1;', { Handler: 'other.handler' }, 'Runtime.ImportModuleError'],
  ['no such export', 'export const other = 1;', {}, 'Runtime.HandlerNotFound'],
  [
    'a handler with a callback',
    'export const handler = (event, context, done) => done();',
    {},
    'Runtime.CallbackHandlerDeprecated',
  ],
  ['a module that throws', "throw new RangeError('at init');", {}, 'RangeError'],
  [
    'an answer that is no JSON',
    'export const handler = async () => { const a = {}; a.a = a; return a; };',
    {},
    'Runtime.MarshalError',
  ],
  [
    'an answer over 6 MB',
    "export const handler = async () => 'x'.repeat(6_291_556);",
    {},
    'Function.ResponseSizeTooLarge',
  ],
])('%s is reported as Lambda does', async (_case, source, properties, errorType) => {
  const functions = closing(someLocalFunctions());
  await functions.add('f', source, properties);
  await expect(functions.lambda.invoke('f', {})).resolves.toMatchObject({ ok: false, errorType });
});

test('in the JSON format console writes objects from the application level on; in text it writes tabs', async () => {
  const functions = closing(someLocalFunctions());
  const source = `export const handler = async () => {
    console.debug('quiet');
    console.log('two\\nlines', { a: 1 });
    console.warn({ code: 7 });
    console.error(new TypeError('bad'));
  };`;
  await functions.add('json', source, {
    LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO', SystemLogLevel: 'WARN' },
  });
  await functions.add('text', source);
  await functions.lambda.invoke('json', {});
  const requestId = functions.logs[0]?.requestId;
  const timestamp = expect.any(String);
  expect(functions.logs.map(({ line }) => JSON.parse(line))).toEqual([
    { timestamp, level: 'INFO', requestId, message: 'two\nlines { a: 1 }' },
    { timestamp, level: 'WARN', requestId, message: { code: 7 } },
    {
      timestamp,
      level: 'ERROR',
      requestId,
      message: { errorType: 'TypeError', errorMessage: 'bad', trace: expect.any(Array) },
    },
  ]);
  functions.logs.length = 0;
  await functions.lambda.invoke('text', {});
  expect(functions.logs.slice(0, 2).map(({ line }) => line.split('\t').slice(2))).toEqual([
    ['DEBUG', 'quiet'],
    ['INFO', 'two\rlines { a: 1 }'],
  ]);
});

// AWS, "Types of metrics for Lambda functions".
test('each invocation sends the metrics of Lambda, and a failure its line', async () => {
  const functions = closing(someLocalFunctions());
  await functions.add('f', STATEFUL, { LoggingConfig: { LogFormat: 'JSON' } });
  await functions.lambda.invoke('f', {});
  await functions.lambda.invoke('f', { boom: true });
  expect(
    functions.metrics.map(({ namespace, name, dimensions, unit, value }) => [
      `${namespace} ${dimensions['FunctionName']} ${name} ${unit}`,
      name === 'Duration' ? value >= 0 : value,
    ]),
  ).toEqual(
    [0, 1].flatMap((errors) => [
      ['AWS/Lambda f ConcurrentExecutions Count', 1],
      ['AWS/Lambda f Invocations Count', 1],
      ['AWS/Lambda f Errors Count', errors],
      ['AWS/Lambda f Duration Milliseconds', true],
    ]),
  );
  expect(functions.logs.map(({ line }) => JSON.parse(line))).toEqual([
    {
      timestamp: expect.any(String),
      level: 'ERROR',
      requestId: functions.logs[0]?.requestId,
      message: { errorType: 'RangeError', errorMessage: 'no such page', stackTrace: expect.any(Array) },
    },
  ]);
});

test('beyond 1,000 calls that wait, a call is throttled and counted', async () => {
  const functions = closing(someLocalFunctions({ maxEnvironments: 1 }));
  await functions.add('f', 'export const handler = async () => 1;', { Timeout: 10 });
  const calls = Array.from({ length: 1_001 }, () => functions.lambda.invoke('f', {}));
  await expect(functions.lambda.invoke('f', {})).rejects.toMatchObject({
    code: 'TooManyRequestsException',
    status: 429,
  });
  expect((await Promise.all(calls)).every(({ ok }) => ok)).toBe(true);
  expect(functions.metrics.filter(({ name }) => name === 'Throttles')).toHaveLength(1);
});

test('a function that is not there, and a payload over 6 MB, are refused', async () => {
  const functions = closing(someLocalFunctions());
  await functions.add('f', STATEFUL);
  await expect(functions.lambda.invoke('none', {})).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    status: 404,
  });
  await expect(functions.lambda.invoke('f', 'é'.repeat(3_145_778))).rejects.toMatchObject({
    code: 'RequestTooLargeException',
    status: 413,
  });
});

test('closing lets what runs end, and takes no more', async () => {
  const functions = closing(someLocalFunctions());
  await functions.add(
    'f',
    "export const handler = async () => { await new Promise((r) => setTimeout(r, 200)); return 'done'; };",
  );
  const running = functions.lambda.invoke('f', {});
  const closed = functions.lambda.close();
  await expect(functions.lambda.invoke('f', {})).rejects.toMatchObject({ code: 'ServiceException', status: 503 });
  await expect(running).resolves.toEqual({ ok: true, payload: 'done' });
  await closed;
});

describe('the template', () => {
  test.each([
    ['another runtime', { Runtime: 'python3.13' }, 'runs nodejs24.x'],
    [
      'a property nobody knows',
      { ReservedConcurrentExecutions: 5 },
      'AWS::Lambda::Function f.ReservedConcurrentExecutions',
    ],
    ['a timeout beyond 15 minutes', { Timeout: 901 }, 'f.Timeout'],
    ['too little memory', { MemorySize: 64 }, 'f.MemorySize'],
    ['a reserved variable', { Environment: { Variables: { AWS_REGION: 'x' } } }, 'AWS_REGION is reserved'],
    ['more than 4 KB of variables', { Environment: { Variables: { A: 'x'.repeat(4_096) } } }, 'Lambda takes 4096'],
    ['an unknown log setting', { LoggingConfig: { Colour: 'red' } }, 'LoggingConfig.Colour'],
    ['a handler without a file', { Handler: 'handler' }, 'file.export'],
  ])('%s is refused by name', async (_case, properties, message) => {
    const functions = closing(someLocalFunctions());
    await expect(functions.add('f', STATEFUL, properties)).rejects.toThrow(message);
  });

  test('what CDK writes about a function is taken, and tells who it is', async () => {
    const functions = closing(someLocalFunctions());
    await functions.add('f', STATEFUL, {
      Architectures: ['arm64'],
      Description: 'text',
      RecursiveLoop: 'Allow',
      MemorySize: '1024',
      LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'WARN', ApplicationLogLevel: 'INFO', LogGroup: 'group' },
    });
    expect(functions.lambda.functions()).toMatchObject([
      { name: 'f', roleArn: ROLE_ARN, memoryMb: 1_024, timeoutMs: 3_000, logGroup: 'group' },
    ]);
  });

  test('permissions are kept for those who check them', async () => {
    const functions = closing(someLocalFunctions());
    await functions.add('f', STATEFUL);
    await createResource(functions.lambda.providers, 'AWS::Lambda::Permission', 'grant', {
      FunctionName: 'arn:aws:lambda:us-east-1:000000000000:function:f',
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      SourceArn: 'arn:aws:execute-api:us-east-1:000000000000:api/*',
    });
    expect(functions.lambda.permissions()).toEqual([
      {
        functionName: 'f',
        action: 'lambda:InvokeFunction',
        principal: 'apigateway.amazonaws.com',
        sourceArn: 'arn:aws:execute-api:us-east-1:000000000000:api/*',
        sourceAccount: undefined,
      },
    ]);
  });

  test('a function that is removed is gone', async () => {
    const functions = closing(someLocalFunctions());
    await functions.add('f', STATEFUL);
    const provider = functions.lambda.providers.find(({ type }) => type === 'AWS::Lambda::Function');
    await provider?.remove?.({ physicalName: 'f', ref: 'f' });
    await expect(functions.lambda.invoke('f', {})).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });
});

test('the folder of a handler may be deeper than the bundle', async () => {
  const functions = closing(someLocalFunctions());
  const file = await functions.add('f', STATEFUL);
  writeFileSync(join(file, '../deep.cjs'), "exports.run = async () => 'commonjs';");
  await functions.add('f', STATEFUL, { Handler: 'deep.run' });
  await expect(functions.lambda.invoke('f', {})).resolves.toEqual({ ok: true, payload: 'commonjs' });
});

describe('when calls wait and nobody is busy', () => {
  const until = (ms: number) =>
    `export const handler = ({ waitMs }) => new Promise((resolve) => setTimeout(resolve, waitMs ?? ${ms}, 'done'));`;

  test('one more environment is made for a call that waits behind calls which hang', async () => {
    const functions = closing(someLocalFunctions({ maxEnvironments: 2, spareEnvironments: 2 }));
    await functions.add('f', until(20), { Timeout: 10 });
    // Warm, so that what follows is no cold start.
    await Promise.all([functions.lambda.invoke('f', {}), functions.lambda.invoke('f', {})]);
    const hanging = [1, 2].map(() => functions.lambda.invoke('f', { waitMs: 2_500 }));
    const startedMs = performance.now();
    await functions.lambda.invoke('f', {});
    expect(performance.now() - startedMs).toBeLessThan(2_300);
    await Promise.all(hanging);
  });

  test('none is made while those that run are busy themselves', async () => {
    const functions = closing(someLocalFunctions({ maxEnvironments: 1, spareEnvironments: 4 }));
    const busy =
      'let n = 0; export const handler = () => { const end = Date.now() + 700; while (Date.now() < end); n += 1; return n; };';
    await functions.add('f', busy, { Timeout: 10 });
    const results = await Promise.all([1, 2, 3].map(() => functions.lambda.invoke('f', {})));
    // One environment counted them all.
    expect(results).toEqual([1, 2, 3].map((payload) => ({ ok: true, payload })));
  });

  test('without spare ones calls wait', async () => {
    const functions = closing(someLocalFunctions({ maxEnvironments: 1, spareEnvironments: 0 }));
    await functions.add('f', until(600), { Timeout: 10 });
    const startedMs = performance.now();
    await Promise.all([functions.lambda.invoke('f', {}), functions.lambda.invoke('f', {})]);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(1_190);
  });
});
