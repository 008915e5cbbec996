import {
  changeOfSource,
  countOf,
  entriesOf,
  sourceDraft,
} from '../../../../../web/src/features/sources/settings/source-draft.ts';

const SOURCE = {
  name: 'Shop',
  slug: 'shop',
  settings: {
    dedupHours: 24,
    requestsPerSecondMax: 1_000,
    batching: true,
    requires: 'write-key' as const,
    allowedOrigins: ['shop.example.com'],
    allowedIps: [],
  },
};
const draft = sourceDraft(SOURCE);

test('what was not touched is not sent', () => {
  expect(changeOfSource(sourceDraft(SOURCE), draft)).toEqual({});
  expect(countOf({})).toBe(0);
});

test('only what differs is sent, and is counted', () => {
  const change = changeOfSource(sourceDraft(SOURCE), {
    ...draft,
    name: ' New ',
    batching: false,
    allowedIps: '10.0.0.1, 10.0.0.0/8',
  });
  expect(change).toEqual({ name: 'New', settings: { batching: false, allowedIps: ['10.0.0.1', '10.0.0.0/8'] } });
  expect(countOf(change)).toBe(3);
});

test('an empty number and "as is best" go back to the default', () => {
  const own = { ...SOURCE, settings: { ...SOURCE.settings, dedupBy: 'event' as const } };
  expect(changeOfSource(sourceDraft(own), { ...sourceDraft(own), dedupHours: '', dedupBy: 'auto' })).toEqual({
    settings: { dedupHours: null, dedupBy: null },
  });
});

test('a list that is emptied is sent empty: everybody is let in again', () => {
  expect(changeOfSource(sourceDraft(SOURCE), { ...draft, allowedOrigins: ' \n ' })).toEqual({
    settings: { allowedOrigins: [] },
  });
});

test('entries stand by line, comma or space, each once', () => {
  expect(entriesOf('a.com, b.com\n\nb.com  c.com')).toEqual(['a.com', 'b.com', 'c.com']);
});
