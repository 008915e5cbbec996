import { helpText, readFlags, wholeNumber } from '../../../cli/flags.ts';
import { readStartOptions } from '../../../cli/start/start-options.ts';

const FLAGS = { port: { value: 'N', help: 'a port' }, fresh: { help: 'forget' } } as const;

test('flags and plain arguments are read in any order, and the last of a flag counts', () => {
  expect(readFlags(FLAGS, ['--port', '1', 'file.json', '--fresh', '--port=2'], 1)).toEqual({
    flags: { port: '2', fresh: true },
    plain: ['file.json'],
  });
  expect(readFlags(FLAGS, [])).toEqual({ flags: { port: undefined, fresh: false }, plain: [] });
});

test.each([
  [['--prot', '1'], 'There is no flag --prot; did you mean --port?'],
  [['--cluster'], 'There is no flag --cluster; --help lists those there are.'],
  [['-x'], 'There is no flag -x; --help lists those there are.'],
  [['--port'], '--port needs a value: --port N.'],
  [['--port', '--fresh'], '--port needs a value: --port N.'],
  [['--port='], '--port needs a value: --port N.'],
  [['--fresh=yes'], '--fresh takes no value.'],
  [['more'], '"more" is one argument too many; --help shows how the command is used.'],
  [['--__proto__'], 'There is no flag --__proto__; --help lists those there are.'],
])('%j is answered with one sentence', (argv, sentence) => {
  expect(() => readFlags(FLAGS, argv)).toThrow(sentence);
});

test.each(['0', '65536', '1.5', '-1', 'x', '', '1e3'])('%j is no port', (text) => {
  expect(() => wholeNumber('port', text, 1, 65_535)).toThrow('--port is a whole number from 1 to 65535');
});

test('the help names every flag with its value', () => {
  expect(helpText('npm start', 'Starts.', FLAGS)).toBe(
    ['npm start', '', 'Starts.', '', '  --port N  a port', '  --fresh   forget'].join('\n'),
  );
});

test('npm start without flags has the promised defaults', () => {
  expect(readStartOptions([])).toEqual({
    help: false,
    port: 4747,
    host: '127.0.0.1',
    directory: '.tributary',
    fresh: false,
    seedFile: undefined,
    demo: true,
    allowPrivateTargets: false,
    processes: false,
    faultsFile: undefined,
    lanes: undefined,
    meter: false,
  });
});

test('npm start takes every promised flag', () => {
  const argv =
    '--port 5000 --host 0.0.0.0 --dir d --fresh --seed s.json --no-demo --allow-private-targets --processes --faults f.json --lanes 0 --meter';
  expect(readStartOptions(argv.split(' '))).toEqual({
    help: false,
    port: 5000,
    host: '0.0.0.0',
    directory: 'd',
    fresh: true,
    seedFile: 's.json',
    demo: false,
    allowPrivateTargets: true,
    processes: true,
    faultsFile: 'f.json',
    lanes: 0,
    meter: true,
  });
  expect(() => readStartOptions(['--lanes', '41'])).toThrow('--lanes');
  expect(() => readStartOptions(['--host', 'no host'])).toThrow('--host is an address');
});

test('a seed file of one’s own leaves the demo out, because its sources are not there', () => {
  expect(readStartOptions(['--seed', 's.json']).demo).toBe(false);
});
