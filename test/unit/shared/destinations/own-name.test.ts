import type { WireName } from '../../../../shared/destinations/destination-definition.ts';
import { underOurName } from '../../../../shared/destinations/own-name.ts';
import { WIRE_NAMES } from '../../../../shared/destinations/wire-names.ts';

const AGENT = 'Tributary/0.1';
const send = (over: { url?: string; headers?: Record<string, string>; body?: string }, names: WireName[] = []) => {
  const { url = 'https://tool.example/in', headers = {}, body = '' } = over;
  const sent = underOurName({ url: new URL(url), headers, body: Buffer.from(body) }, names, AGENT);
  return { url: sent.url.href, headers: sent.headers, body: sent.body.toString() };
};
const library: WireName = { in: 'body', at: 'events[].library', theirs: 'segment', ours: 'tributary' };

test.each([
  'Segment (Actions)',
  'Segment',
  'Segment Equals Destination',
  'SegmentCourier',
  'SegmentDestination/2.2.0',
  'SegmentSyncAudiences/1.1.0',
  'segment-destination/1.0',
  'Segment Action (Acoustic Destination) "GetAccessToken"',
])('the user agent %s becomes ours', (agent) => {
  expect(send({ headers: { 'user-agent': agent } }).headers).toEqual({ 'user-agent': AGENT });
});

test.each(['cups/1', 'acme-segmentation/1', 'Segmentation (Actions)', 'SegmentDestination/2 for cups', 'segment/1'])(
  'the user agent %s, which somebody set, is kept',
  (agent) => {
    expect(send({ headers: { 'user-agent': agent } }).headers).toEqual({ 'user-agent': agent });
  },
);

test('a constant is replaced where it stands, and nowhere else', () => {
  const body = {
    library: 'segment',
    events: [{ library: 'segment', properties: { library: 'segment' } }, { library: 'x' }],
  };
  expect(JSON.parse(send({ body: JSON.stringify(body) }, [library]).body)).toEqual({
    library: 'segment',
    events: [{ library: 'tributary', properties: { library: 'segment' } }, { library: 'x' }],
  });
});

test('a body without the constant goes out byte for byte', () => {
  const body = '{ "events": [ {"library": "x", "n": 1.0} ] }';
  expect(send({ body }, [library]).body).toBe(body);
});

test('a body that is no JSON goes out byte for byte', () => {
  expect(send({ body: 'segment, as text' }, [library]).body).toBe('segment, as text');
});

test('headers, parameters, forms with JSON in them and beginnings of texts are looked at, too', () => {
  const names: WireName[] = [
    { in: 'header', at: 'x-source', theirs: 'Segment', ours: 'Tributary' },
    { in: 'query', at: 'integration', theirs: 'segment', ours: 'tributary' },
  ];
  expect(
    send({ url: 'https://tool.example/in?integration=segment&q=a', headers: { 'x-source': 'Segment' } }, names),
  ).toEqual({
    url: 'https://tool.example/in?integration=tributary&q=a',
    headers: { 'x-source': 'Tributary' },
    body: '',
  });
  const form: WireName = { in: 'form', at: 'identification[].library', theirs: 'segment', ours: 'tributary' };
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = new URLSearchParams({ key: 'k', identification: '[{"library":"segment"}]' }).toString();
  expect(new URLSearchParams(send({ headers, body }, [form]).body).get('identification')).toBe(
    '[{"library":"tributary"}]',
  );
  const prefix: WireName = { ...library, at: 'name', theirs: 'Segment: ', ours: 'Tributary: ', isPrefix: true };
  expect(send({ body: '{"name":"Segment: analytics.js"}' }, [prefix]).body).toBe('{"name":"Tributary: analytics.js"}');
});

test('lists on lists and values of another kind do no harm', () => {
  for (const body of ['[["segment"]]', '{"events":"segment"}', '{"events":[null,"segment",[1]]}', '"segment"']) {
    expect(send({ body }, [library]).body).toBe(body);
  }
});

test.each([
  [
    'devrev',
    { events_list: [{ name: 'a', payload: { devrev_source_identifier: 'segment' } }] },
    { events_list: [{ name: 'a', payload: { devrev_source_identifier: 'tributary' } }] },
  ],
  ['postscript', { type: 'Segment_Audience_Entered' }, { type: 'Tributary_Audience_Entered' }],
  ['postscript', { type: 'Segment_Audience_Exited' }, { type: 'Tributary_Audience_Exited' }],
])('%s hears our name where the sweep does not come by', (slug, theirs, ours) => {
  const names = [...(WIRE_NAMES[slug] ?? [])];
  expect(JSON.parse(send({ body: JSON.stringify(theirs) }, names).body)).toEqual(ours);
});
