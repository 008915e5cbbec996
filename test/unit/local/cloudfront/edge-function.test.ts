import { edgeFunction } from '../../../../local/cloudfront/edge-function.ts';

const REQUEST = { method: 'GET', path: '/a', query: 'x=1&y=%20z', headers: { host: 'h', origin: 'o' } };
const handler = (body: string) => edgeFunction(`function handler(event) { ${body} }`);

test('a function is given a viewer’s request in CloudFront’s form', async () => {
  const told = handler('return { statusCode: 200, body: JSON.stringify(event) };');
  const outcome = await told(REQUEST);
  expect(JSON.parse('body' in outcome ? outcome.body : '')).toMatchObject({
    version: '1.0',
    context: { eventType: 'viewer-request' },
    request: {
      method: 'GET',
      uri: '/a',
      querystring: { x: { value: '1' }, y: { value: ' z' } },
      headers: { host: { value: 'h' }, origin: { value: 'o' } },
      cookies: {},
    },
  });
});

test('it sends the request on by another path, or answers it, at once or as a promise', async () => {
  await expect(handler('event.request.uri = "/b"; return event.request;')(REQUEST)).resolves.toEqual({ path: '/b' });
  const answer = 'return { statusCode: 302, statusDescription: "Found", headers: { location: { value: "/c" } } };';
  const answered = { status: 302, headers: { location: '/c' }, body: '' };
  await expect(handler(answer)(REQUEST)).resolves.toEqual(answered);
  await expect(edgeFunction(`async function handler() { ${answer} }`)(REQUEST)).resolves.toEqual(answered);
  await expect(
    handler('return { statusCode: 404, body: { encoding: "text", data: "no" } };')(REQUEST),
  ).resolves.toEqual({ status: 404, headers: {}, body: 'no' });
});

test('a call keeps nothing of the one before', async () => {
  const counted = edgeFunction('function handler(event) { event.request.uri += "/x"; return event.request; }');
  await counted(REQUEST);
  await expect(counted(REQUEST)).resolves.toEqual({ path: '/a/x' });
});

test.each([
  ['throws', 'throw new Error("no");', /no/],
  ['promises and breaks it', 'return Promise.reject(new Error("later"));', /later/],
  ['gives nothing back', '', /nothing/],
  ['gives back what is neither request nor answer', 'return { uri: "b" };', /must start with/],
  ['promises what never comes', 'return new Promise(() => {});', /nothing/],
  ['goes round for ever', 'for (;;);', /timed out/],
  ['asks for more than the language', 'return require("fs");', /require is not defined/],
  ['reaches for this process', 'return process.env;', /process is not defined/],
  ['makes code of text', 'return eval("event.request");', /Code generation/],
])('a function that %s fails', async (_case, body, message) => {
  await expect(handler(body)(REQUEST)).rejects.toThrow(message);
});

test('code that is none is refused where it is deployed', () => {
  expect(() => edgeFunction('function handler(')).toThrow('Unexpected end of input');
});
