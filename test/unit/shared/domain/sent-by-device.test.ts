import { isSentByDevice } from '../../../../shared/domain/sent-by-device.ts';

const NAMES = ['Braze Web Mode (Actions)', 'Braze Web'];

test.each([
  ['lists it', { bundled: ['Braze Web Mode (Actions)', 'Segment.io'], unbundled: [], bundledIds: [] }, true],
  ['lists it by another of its names', { bundled: ['Braze Web'] }, true],
  ['lists others', { bundled: ['Segment.io', 'braze web'] }, false],
  ['lists it as not bundled', { bundled: ['Segment.io'], unbundled: ['Braze Web Mode (Actions)'] }, false],
  [
    'lists it, and that it did not start',
    { bundled: ['Braze Web Mode (Actions)'], failedInitializations: ['Braze Web Mode (Actions)'] },
    false,
  ],
  ['says nothing of it', { nodeVersion: '24' }, false],
  ['is malformed', { bundled: 'Braze Web Mode (Actions)' }, false],
  ['is no object', 'bundled', false],
  ['inherits', JSON.parse('{"__proto__":{"bundled":["Braze Web"]}}'), false],
])('an event whose _metadata %s was sent by the device: %s (B10)', (_case, metadata, expected) => {
  expect(isSentByDevice({ type: 'track', _metadata: metadata }, NAMES)).toBe(expected);
});

test('an event without _metadata was not', () => {
  expect(isSentByDevice({ type: 'track' }, NAMES)).toBe(false);
});
