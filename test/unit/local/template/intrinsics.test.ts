import fc from 'fast-check';
import { holds, namesIn, resolveValue, type Scope } from '../../../../local/template/intrinsics.ts';

const scope = (over: Partial<Scope> = {}): Scope => ({
  stackName: 'Shop',
  stackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/Shop/1',
  parameters: { Mail: 'owner@example.com', Zones: ['a', 'b'] },
  mappings: { Sizes: { small: { memory: '128' } } },
  conditions: { Yes: { 'Fn::Equals': ['1', '1'] }, No: { 'Fn::Not': [{ Condition: 'Yes' }] } },
  created: (logicalId) =>
    logicalId === 'Queue' ? { ref: 'https://q', attributes: { Arn: 'arn:q', 'Nested.Name': 'n' } } : undefined,
  imported: (name) => (name === 'Data:Table' ? 'table-1' : undefined),
  ...over,
});
const resolve = (value: unknown, over?: Partial<Scope>) => resolveValue(value, scope(over), 'Resources.X');

test.each<[string, unknown, unknown]>([
  ['Ref of a resource', { Ref: 'Queue' }, 'https://q'],
  ['Ref of a parameter', { Ref: 'Mail' }, 'owner@example.com'],
  ['Ref of a pseudo parameter', { Ref: 'AWS::AccountId' }, '000000000000'],
  ['Fn::GetAtt', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:q'],
  ['Fn::GetAtt of a dotted attribute', { 'Fn::GetAtt': ['Queue', 'Nested.Name'] }, 'n'],
  [
    'Fn::Sub',
    { 'Fn::Sub': 'a ${Queue} ${Queue.Arn} ${AWS::Region} ${!Queue}' },
    'a https://q arn:q us-east-1 ${Queue}',
  ],
  [
    'Fn::Sub with variables',
    { 'Fn::Sub': ['${Name}/${Mail}', { Name: { Ref: 'Queue' } }] },
    'https://q/owner@example.com',
  ],
  ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Partition' }, 3]] }, 'a-aws-3'],
  ['Fn::Join of a list parameter', { 'Fn::Join': ['', { Ref: 'Zones' }] }, 'ab'],
  ['Fn::Select of Fn::Split', { 'Fn::Select': ['1', { 'Fn::Split': ['|', 'a|b|c'] }] }, 'b'],
  ['Fn::If', { 'Fn::If': ['No', 'then', { Ref: 'AWS::StackName' }] }, 'Shop'],
  ['the branch of Fn::If that is not taken', { 'Fn::If': ['Yes', 1, { Ref: 'Nobody' }] }, 1],
  ['Fn::FindInMap', { 'Fn::FindInMap': ['Sizes', 'small', 'memory'] }, '128'],
  ['Fn::ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': 'Data:Table' } }, 'table-1'],
  ['Fn::Base64', { 'Fn::Base64': 'ä' }, 'w6Q='],
  ['Fn::GetAZs', { 'Fn::GetAZs': '' }, ['us-east-1a', 'us-east-1b', 'us-east-1c']],
  [
    'AWS::NoValue',
    { a: { Ref: 'AWS::NoValue' }, b: [1, { 'Fn::If': ['No', 2, { Ref: 'AWS::NoValue' }] }] },
    { b: [1] },
  ],
  ['an object with a key Ref beside others', { Ref: 'Queue', Other: 1 }, { Ref: 'Queue', Other: 1 }],
  [
    'a key that is called as a member of Object',
    JSON.parse('{"__proto__": {"a": 1}}'),
    JSON.parse('{"__proto__": {"a": 1}}'),
  ],
])('%s is resolved', (_case, value, expected) => {
  expect(resolve(value)).toEqual(expected);
});

test.each<[string, unknown, string]>([
  [
    'an unknown function',
    { a: [{ 'Fn::Cidr': [] }] },
    'Resources.X.a.0: the local cloud does not know the intrinsic function Fn::Cidr',
  ],
  ['an unknown name', { Ref: 'Nobody' }, 'nothing is called Nobody'],
  ['an unknown attribute', { 'Fn::GetAtt': ['Queue', 'Colour'] }, 'gives Queue no attribute Colour'],
  ['an unknown import', { 'Fn::ImportValue': 'Other' }, 'no earlier stack exports Other'],
  ['an unknown condition', { 'Fn::If': ['Maybe', 1, 2] }, 'there is no condition Maybe'],
  [
    'an unknown mapping',
    { 'Fn::FindInMap': ['Sizes', 'large', 'memory'] },
    'the mapping Sizes has no entry large, memory',
  ],
  ['an element out of range', { 'Fn::Select': [2, ['a', 'b']] }, 'there is no element 2 in a list of 2'],
  ['a list where text is needed', { 'Fn::Join': ['', [['a']]] }, 'text is needed here'],
  ['a dynamic reference', 'x{{resolve:ssm:/a}}', 'dynamic references'],
  ['a function beside other keys', { 'Fn::Sub': 'a', b: 1 }, 'Fn::Sub stands beside other keys'],
])('%s is refused with its place', (_case, value, message) => {
  expect(() => resolve(value)).toThrow(`Stack Shop, Resources.X`);
  expect(() => resolve(value)).toThrow(message);
});

test('conditions combine Fn::And, Fn::Or and Fn::Not, and a circle of them is refused', () => {
  const conditions = {
    Both: { 'Fn::And': [{ 'Fn::Equals': [{ Ref: 'Mail' }, 'owner@example.com'] }, { Condition: 'Neither' }] },
    Neither: { 'Fn::Not': [{ 'Fn::Or': [{ 'Fn::Equals': ['a', 'b'] }, { 'Fn::Equals': ['c', 'd'] }] }] },
    Round: { 'Fn::Not': [{ Condition: 'Round' }] },
    Odd: { 'Fn::Xor': [] },
  };
  expect(holds('Both', scope({ conditions }), 'X')).toBe(true);
  expect(() => holds('Round', scope({ conditions }), 'X')).toThrow('nested deeper than 100');
  expect(() => holds('Odd', scope({ conditions }), 'X')).toThrow('does not know the condition function Fn::Xor');
});

test('names are found in every function and branch, but not what Fn::Sub brings along', () => {
  const value = {
    a: { 'Fn::If': ['No', { Ref: 'A' }, { 'Fn::GetAtt': ['B', 'Arn'] }] },
    b: { 'Fn::Sub': ['${C.Arn} ${!D} ${E} ${F}', { E: { Ref: 'G' } }] },
  };
  expect([...namesIn(value)].toSorted()).toEqual(['A', 'B', 'C', 'F', 'G']);
});

// A random nesting of functions together with the text that it stands for, built from the inside out.
type Made = { value: unknown; text: string };
const plain = fc.string({ maxLength: 8 }).filter((text) => !text.includes('{{') && !text.includes('${'));
const { made } = fc.letrec<{ made: Made }>((tie) => ({
  made: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    plain.map((text) => ({ value: text, text })),
    fc.constantFrom<Made>(
      { value: { Ref: 'Queue' }, text: 'https://q' },
      { value: { 'Fn::GetAtt': ['Queue', 'Arn'] }, text: 'arn:q' },
      { value: { 'Fn::Sub': '${AWS::Region}${!x}' }, text: 'us-east-1${x}' },
    ),
    fc.tuple(plain, fc.array(tie('made'), { maxLength: 4 })).map(([separator, parts]) => ({
      value: { 'Fn::Join': [separator, parts.map(({ value }) => value)] },
      text: parts.map(({ text }) => text).join(separator),
    })),
    fc.tuple(fc.boolean(), tie('made'), tie('made')).map(([yes, then, otherwise]) => ({
      value: { 'Fn::If': [yes ? 'Yes' : 'No', then.value, otherwise.value] },
      text: yes ? then.text : otherwise.text,
    })),
    fc.tuple(fc.nat(), fc.array(tie('made'), { minLength: 1, maxLength: 4 })).map(([seed, parts]) => {
      const index = seed % parts.length;
      return { value: { 'Fn::Select': [index, parts.map(({ value }) => value)] }, text: parts[index]?.text ?? '' };
    }),
    tie('made').map(({ value, text }) => ({ value: { 'Fn::Sub': ['<${in}>', { in: value }] }, text: `<${text}>` })),
    tie('made').map(({ value, text }) => ({
      value: { 'Fn::Base64': value },
      text: Buffer.from(text).toString('base64'),
    })),
    fc.tuple(tie('made'), plain).map(([{ value, text }, separator]) => {
      const by = separator === '' ? ',' : separator;
      return { value: { 'Fn::Join': [by, { 'Fn::Split': [by, value] }] }, text };
    }),
  ),
}));

test('any nesting of functions gives what its parts stand for (property)', () => {
  fc.assert(
    fc.property(made, fc.string(), ({ value, text }, key) => {
      expect(resolve({ [`k${key}`]: [value] })).toEqual({ [`k${key}`]: [text] });
    }),
    { numRuns: 300 },
  );
});
