import { parseEmf } from '../../../../local/cloudwatch/emf.ts';

const NOW = Date.parse('2026-01-30T12:00:00Z');

const aDirective = (given: Record<string, unknown> = {}) => ({
  Namespace: 'Tributary',
  Dimensions: [[]],
  Metrics: [{ Name: 'Accepted', Unit: 'Count' }],
  ...given,
});
const aLine = (
  root: Record<string, unknown> = { Accepted: 3 },
  directive: unknown = aDirective(),
  Timestamp: unknown = NOW,
) => JSON.stringify({ _aws: { Timestamp, CloudWatchMetrics: [directive] }, ...root });

test('metrics come out for each set of dimensions, lists value by value', () => {
  const directive = aDirective({
    Dimensions: [[], ['stage', 'fn']],
    Metrics: [
      { Name: 'Accepted', Unit: 'Count' },
      { Name: 'Lag', Unit: 'Bytes/Second', StorageResolution: 60 },
    ],
  });
  const about = { namespace: 'Tributary', atMs: NOW };
  expect(
    parseEmf(aLine({ Accepted: 3, Lag: [1, 2.5], stage: 'dev', fn: 'route', other: 'x' }, directive), NOW),
  ).toEqual({
    outcome: 'metrics',
    data: [{}, { stage: 'dev', fn: 'route' }].flatMap((dimensions) => [
      { ...about, dimensions, name: 'Accepted', unit: 'Count', value: 3 },
      { ...about, dimensions, name: 'Lag', unit: 'Bytes/Second', value: 1 },
      { ...about, dimensions, name: 'Lag', unit: 'Bytes/Second', value: 2.5 },
    ]),
  });
});

test.each([
  ['plain text'],
  ['{"level":"INFO"}'],
  ['{"message":"the \\"_aws\\" member"}'],
  ['["_aws"]'],
  ['START "_aws"'],
])('the line %s is no EMF', (line) => {
  expect(parseEmf(line, NOW)).toEqual({ outcome: 'not-emf' });
});

const names = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`);

test.each([
  ['JSON that is cut', aLine().slice(0, -1), /not JSON/],
  ['a value that is text', aLine({ Accepted: '3' }), /Accepted is no number/],
  ['a value below the root', aLine({ nested: { Accepted: 3 } }), /Accepted is no number/],
  [
    'a value that is only inherited',
    aLine({}, aDirective({ Metrics: [{ Name: 'toString' }] })),
    /toString is no number/,
  ],
  ['an empty list', aLine({ Accepted: [] }), /Accepted is no number/],
  ['101 values', aLine({ Accepted: Array.from({ length: 101 }, () => 1) }), /Accepted is no number/],
  ['101 metrics', aLine({}, aDirective({ Metrics: names(101).map((Name) => ({ Name })) })), /Metrics/],
  ['31 dimensions', aLine({}, aDirective({ Dimensions: [names(31)] })), /Dimensions/],
  ['a dimension that is missing', aLine({ Accepted: 1 }, aDirective({ Dimensions: [['stage']] })), /stage is no text/],
  [
    'a dimension that is a number',
    aLine({ Accepted: 1, stage: 5 }, aDirective({ Dimensions: [['stage']] })),
    /stage is no text/,
  ],
  ['no dimension set at all', aLine({ Accepted: 1 }, aDirective({ Dimensions: [] })), /Dimensions/],
  ['an unknown unit', aLine({ Accepted: 1 }, aDirective({ Metrics: [{ Name: 'Accepted', Unit: 'events' }] })), /unit/],
  ['no namespace', aLine({ Accepted: 1 }, aDirective({ Namespace: '' })), /Namespace/],
  ['a timestamp in text', aLine({ Accepted: 1 }, aDirective(), '2026-01-30'), /Timestamp/],
  ['a timestamp in seconds', aLine({ Accepted: 1 }, aDirective(), NOW / 1000), /14 days/],
  ['more than 1 MiB', aLine({ Accepted: 1, text: 'x'.repeat(1024 * 1024) }), /1 MiB/],
])('%s is invalid, and gives no metric (trap M1)', (_case, line, reason) => {
  expect(parseEmf(line, NOW)).toEqual({ outcome: 'invalid', reason: expect.stringMatching(reason) });
});
