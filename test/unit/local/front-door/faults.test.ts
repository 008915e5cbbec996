import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FaultCall, Faults } from '../../../../local/front-door/faults.ts';
import { faultsFromFile, faultsOf } from '../../../../local/front-door/faults.ts';

const aCall = (given: Partial<FaultCall> = {}): FaultCall => ({
  service: 'sqs',
  operation: 'SendMessage',
  principal: 'ingest',
  resources: () => ['http://127.0.0.1/000000000000/intake'],
  ...given,
});
const effects = (faults: Faults, calls: readonly FaultCall[]) => calls.map((call) => faults.pick(call)?.effect);

test('a fault matches by service, operation, caller and part of a resource name', () => {
  const faults = faultsOf({
    faults: [{ service: 'sqs', operation: 'SendMessage', principal: 'ingest', resource: 'intake', effect: 'error' }],
  });
  expect(
    effects(faults, [
      aCall(),
      aCall({ service: 'dynamodb' }),
      aCall({ operation: 'ReceiveMessage' }),
      aCall({ principal: 'route' }),
      aCall({ resources: () => ['http://127.0.0.1/000000000000/lane'] }),
    ]),
  ).toEqual(['error', undefined, undefined, undefined, undefined]);
});

test('the first fault that happens wins, and one with times ends', () => {
  const faults = faultsOf({
    faults: [
      { service: 'sqs', effect: 'throttle', times: 2 },
      { service: 'sqs', effect: 'delay', delayMs: 5 },
    ],
  });
  expect(effects(faults, [aCall(), aCall(), aCall()])).toEqual(['throttle', 'throttle', 'delay']);
});

test('the same seed gives the same faults, at about the probability, and one more fault shifts no other', () => {
  const fault = { service: 'sqs', effect: 'error', probability: 0.3 };
  const calls = Array.from({ length: 2_000 }, () => aCall());
  const first = effects(faultsOf({ seed: 7, faults: [fault] }), calls);
  const other = { service: 'dynamodb', effect: 'error', probability: 0.5 };
  expect(effects(faultsOf({ seed: 7, faults: [fault, other] }), calls)).toEqual(first);
  expect(effects(faultsOf({ seed: 8, faults: [fault] }), calls)).not.toEqual(first);
  const happened = first.filter((effect) => effect === 'error').length;
  expect(happened).toBeGreaterThan(500);
  expect(happened).toBeLessThan(700);
});

test('duplicates are drawn for what a function receives, at about the probability, and happen to no call', () => {
  const faults = faultsOf({
    seed: 3,
    faults: [{ service: 'sqs', principal: 'deliver', resource: 'lane', effect: 'duplicate', probability: 0.2 }],
  });
  const received = { principal: 'deliver', queueArn: 'arn:aws:sqs:us-east-1:000000000000:lane-1' };
  const count = Array.from({ length: 2_000 }, () => faults.isDuplicated(received)).filter(Boolean).length;
  expect(count).toBeGreaterThan(320);
  expect(count).toBeLessThan(480);
  const others = [
    { ...received, principal: 'route' },
    { ...received, queueArn: 'arn:aws:sqs:us-east-1:000000000000:intake' },
  ];
  expect(others.flatMap((one) => Array.from({ length: 100 }, () => faults.isDuplicated(one)))).not.toContain(true);
  const receive = aCall({ operation: 'ReceiveMessage', principal: 'deliver', resources: () => ['lane'] });
  expect(
    effects(
      faults,
      Array.from({ length: 100 }, () => receive),
    ),
  ).not.toContain('duplicate');
  expect(faultsOf({ faults: [{ service: 'sqs', effect: 'throttle' }] }).isDuplicated(received)).toBe(false);
});

test.each([
  ['a duplicate of what is no queue', { faults: [{ service: 's3', effect: 'duplicate' }] }, /is an effect of sqs/],
  [
    'a duplicate of a send',
    { faults: [{ service: 'sqs', operation: 'SendMessage', effect: 'duplicate' }] },
    /is an effect of sqs, ReceiveMessage/,
  ],
  ['an unknown effect', { faults: [{ service: 'sqs', effect: 'explode' }] }, /effect/],
  ['an unknown service', { faults: [{ service: 'kinesis', effect: 'error' }] }, /service/],
  ['a probability above 1', { faults: [{ service: 'sqs', effect: 'error', probability: 2 }] }, /probability/],
  ['a misspelt field', { faults: [{ service: 'sqs', effect: 'error', opration: 'SendMessage' }] }, /opration/],
  ['no list', {}, /faults/],
])('%s is refused by name', (_case, input, message) => {
  expect(() => faultsOf(input)).toThrow(message);
});

describe('a faults file', () => {
  const directory = mkdtempSync(join(tmpdir(), 'faults-'));
  const file = join(directory, 'faults.json');
  const write = (content: unknown) => {
    writeFileSync(`${file}.new`, typeof content === 'string' ? content : JSON.stringify(content));
    renameSync(`${file}.new`, file);
  };
  afterAll(() => rmSync(directory, { recursive: true }));

  test('is read again when it changes; a broken one is told once, and the faults before it stay', async () => {
    const problems: string[] = [];
    write({ faults: [{ service: 'sqs', effect: 'error' }] });
    const faults = faultsFromFile(file, (sentence) => problems.push(sentence));
    expect(faults.pick(aCall())?.effect).toBe('error');
    write({ faults: [{ service: 'sqs', effect: 'throttle' }] });
    await eventually(() => faults.pick(aCall())?.effect === 'throttle');
    write('{"faults": [{');
    await eventually(() => faults.pick(aCall()) !== undefined && problems.length === 1);
    expect(faults.pick(aCall())?.effect).toBe('throttle');
    expect(problems).toEqual([
      expect.stringMatching(/faults\.json cannot be read: .*The faults before it stay in force\.$/),
    ]);
    write({ faults: [] });
    await eventually(() => faults.pick(aCall()) === undefined);
  });

  test('that is missing or wrong at the start is one clear error', () => {
    expect(() => faultsFromFile(join(directory, 'absent.json'), () => {})).toThrow(
      /absent\.json cannot be read: ENOENT/,
    );
    write({ faults: [{ service: 'sqs', effect: 'explode' }] });
    expect(() => faultsFromFile(file, () => {})).toThrow(/faults\.json is wrong: /);
  });
});

async function eventually(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 500 && !condition(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(condition()).toBe(true);
}
