import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { bodyValue, curlOf, quoted } from '../../../../../web/src/features/delivery/curl.ts';

test('whatever a payload holds, a shell takes it as one text and runs nothing', () => {
  const hostile = ["'; touch /tmp/owned; '", '$(id)', '`id`', '\\', '"', "it's", '\n', '-H evil'];
  const texts = [...hostile, ...fc.sample(fc.string({ unit: 'binary' }), 40)].filter((text) => !text.includes('\0'));
  const printed = execFileSync('sh', ['-c', `printf '%s\\0' ${texts.map(quoted).join(' ')}`]).toString();
  expect(printed.split('\0').slice(0, -1)).toEqual(texts.map((text) => Buffer.from(text).toString()));
});

test('a request becomes a command, without the headers that are curl’s own', () => {
  expect(
    curlOf({
      method: 'POST',
      url: 'https://tool.example/track',
      requestHeaders: { 'content-type': 'application/json', 'Content-Length': '13', host: 'tool.example' },
      requestBody: '{"name":"Al\'s"}',
    }),
  ).toBe(
    [
      "curl -X 'POST' 'https://tool.example/track' \\",
      "  -H 'content-type: application/json' \\",
      String.raw`  --data-raw '{"name":"Al'\''s"}'`,
    ].join('\n'),
  );
});

test('a body that is no JSON has no value', () => {
  expect(bodyValue('a=1&b=2')).toBeUndefined();
  expect(bodyValue('{"a":1}')).toEqual({ a: 1 });
});
