import { execFileSync } from 'node:child_process';
import { runInNewContext } from 'node:vm';
import { eventAsCurl, eventAsSdkCall, requestAsCurl } from '../../../../../web/src/features/trace/copy-as.ts';

const HOSTILE = {
  type: 'track',
  event: `it's $(touch /tmp/x) \`id\` "q" \\ \u2028 </script>`,
  userId: 'u',
  messageId: 'm',
  sentAt: 's',
};

/** The arguments that a shell hands over. */
const argumentsOf = (command: string): string[] =>
  execFileSync('sh', ['-c', command.replace(/^curl/, `printf '%s\\0'`)], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);

test('an event as a command is one word for a shell, whatever is in it, and is no duplicate of itself', () => {
  const [url, , user, , type, , body] = argumentsOf(eventAsCurl(HOSTILE, 'http://in.example', 'k') ?? '');
  expect([url, user, type]).toEqual(['http://in.example/v1/track', 'k:', 'Content-Type: application/json']);
  expect(JSON.parse(body ?? '')).toEqual({ event: HOSTILE.event, userId: 'u' });
});

test('an event as a call of the library is that call when it is run', () => {
  const calls: unknown[] = [];
  runInNewContext(eventAsSdkCall(HOSTILE) ?? '', { analytics: { track: (event: unknown) => calls.push(event) } });
  expect(JSON.parse(JSON.stringify(calls))).toEqual([{ event: HOSTILE.event, userId: 'u' }]);
});

test('what is of no call is no command', () => {
  expect(eventAsCurl({ type: 'constructor' }, 'http://in.example', 'k')).toBeUndefined();
  expect(eventAsSdkCall('text')).toBeUndefined();
});

test('a request as a command has its method, address, headers and body, but not those that curl writes', () => {
  const command = requestAsCurl({
    method: 'PUT',
    url: `http://tool.example/a?b='c'`,
    headers: { 'x-key': '••••', 'Content-Length': '3' },
    body: `@it's`,
  });
  expect(argumentsOf(command)).toEqual([
    '-X',
    'PUT',
    `http://tool.example/a?b='c'`,
    '-H',
    'x-key: ••••',
    '--data-raw',
    `@it's`,
  ]);
});
