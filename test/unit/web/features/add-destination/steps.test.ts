import { anyOf } from '../../../../../web/src/features/add-destination/any-of.ts';
import { judgeSources } from '../../../../../web/src/features/add-destination/compatible.ts';
import { withoutSecrets } from '../../../../../web/src/features/add-destination/draft.ts';
import { freeName } from '../../../../../web/src/features/add-destination/free-name.ts';
import { furthest, stepFor } from '../../../../../web/src/features/add-destination/steps.ts';

const nothing = { sourceId: undefined, isConfirmed: false, destinationId: undefined };

test('an address may ask for an earlier step, and for none that nothing leads to', () => {
  expect(furthest(nothing)).toBe('source');
  expect(stepFor('test', nothing)).toBe('source');
  expect(stepFor('settings', { ...nothing, sourceId: 'src_1' })).toBe('confirm');
  expect(stepFor('settings', { ...nothing, sourceId: 'src_1', isConfirmed: true })).toBe('settings');
  expect(stepFor('mappings', { ...nothing, sourceId: 'src_1', isConfirmed: true })).toBe('settings');
  expect(stepFor('source', { sourceId: 'src_1', isConfirmed: true, destinationId: 'dst_1' })).toBe('source');
});

test('without a step a new one begins at the first, and one that was left goes on', () => {
  expect(stepFor(undefined, nothing)).toBe('configure');
  expect(stepFor(undefined, { ...nothing, sourceId: 'src_1' })).toBe('confirm');
  expect(stepFor(undefined, { sourceId: 'src_1', isConfirmed: true, destinationId: 'dst_1' })).toBe('settings');
});

const none = { web: false, mobile: false, server: false };
const cloud = {
  name: 'Tool',
  sourceKinds: ['website', 'server'] as const,
  connectionModes: { device: none, cloud: { web: true, mobile: true, server: true } },
};
const source = (name: string, kind: 'website' | 'mobile' | 'server', instances = 0) => ({
  id: name,
  name,
  kind,
  instances,
});

test('what does not fit is closed with a reason, behind what does (B05, B08)', () => {
  const judged = judgeSources(cloud, [
    source('app', 'mobile'),
    source('full', 'server', 25),
    source('site', 'website', 24),
  ]);
  expect(judged.map(({ name, closed }) => [name, closed])).toEqual([
    ['site', undefined],
    ['app', 'A mobile source: Tool takes events of website and server sources only'],
    ['full', 'It has 25 of this type already, the most there can be'],
  ]);
  const inBrowsers = { ...cloud, connectionModes: { device: { ...none, web: true }, cloud: none } };
  expect(judgeSources(inBrowsers, [source('site', 'website', 1)])[0]?.closed).toMatch(/a website runs one/);
});

test('a name gets a number where another has it, whatever the case', () => {
  expect(freeName('Klime', [])).toBe('Klime');
  expect(freeName('Klime', [{ name: 'KLIME' }, { name: 'klime 2' }])).toBe('Klime 3');
});

test('a draft holds no secret', () => {
  const field = { label: '', description: '', type: 'string', required: false, multiple: false };
  const fields = [
    { ...field, key: 'url' },
    { ...field, key: 'apiKey', secret: true },
    { ...field, key: 'password', type: 'password' },
  ];
  expect(withoutSecrets(fields, { url: 'u', apiKey: 'a', password: 'p', other: 'o' })).toEqual({ url: 'u' });
});

test('triggers are one trigger, unless that would be too long', () => {
  expect(anyOf(['a = 1'])).toBe('a = 1');
  expect(anyOf(['a = 1', 'b = 2', 'a = 1'])).toBe('(a = 1) or (b = 2)');
  expect(anyOf([])).toBeUndefined();
  expect(anyOf(['x'.repeat(4_000), 'y'.repeat(4_000)])).toBeUndefined();
});
