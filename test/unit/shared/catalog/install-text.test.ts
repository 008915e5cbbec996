import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillInstallText, ranSentence } from '../../../../shared/catalog/install/install-text.ts';
import { SOURCE_CATALOG } from '../../../../shared/catalog/source-catalog.ts';

const PLACES = {
  writeKey: 'wk_0123456789abcdef',
  trackingUrl: 'https://t.example.com:8443',
  cdnUrl: 'https://cdn.example.com',
  sourceId: 'src_1',
};
const texts = SOURCE_CATALOG.flatMap(({ slug, install }) => install.map((each) => ({ slug, ...each })));

test('once filled in, no text has a place left, none names another’s host, and each has the write key', () => {
  for (const text of texts) {
    const filled = fillInstallText(text, PLACES);
    expect([text.slug, /\{\{\w+\}\}/.test(filled)]).toEqual([text.slug, false]);
    expect([text.slug, /segment\.(?:io|com)/.test(filled)]).toEqual([text.slug, false]);
    expect(filled).toMatch(/wk_0123456789abcdef|data=/);
    expect(filled).toMatch(/(?:t|cdn)\.example\.com/);
  }
});

test('a place that there is not stays as it is, and so does what looks like one in another language', () => {
  expect(fillInstallText({ text: '{{writeKey}} {{constructor}} {{other}} {{{x}}}' }, PLACES)).toBe(
    'wk_0123456789abcdef {{constructor}} {{other}} {{{x}}}',
  );
  expect(fillInstallText({ text: '{{trackingHost}} {{cdnHost}}' }, PLACES)).toBe('t.example.com:8443 cdn.example.com');
});

test('a pixel’s data is a call with the key, for a URL', () => {
  const data = decodeURIComponent(fillInstallText({ text: '{{pixelData}}' }, PLACES));
  expect(JSON.parse(Buffer.from(data, 'base64').toString())).toEqual({
    writeKey: PLACES.writeKey,
    anonymousId: 'reader-1',
    event: 'Email Opened',
    properties: { campaign: 'welcome' },
  });
});

test('what was run by our tests was run with the version that is installed here', () => {
  const byTests = texts.flatMap(({ library, ran }) => (ran === 'tests' && library !== undefined ? [library] : []));
  expect(byTests.map((library) => library.package)).toEqual([
    '@segment/analytics-next',
    '@segment/analytics-next',
    '@segment/analytics-node',
    '@rudderstack/rudder-sdk-node',
  ]);
  for (const library of byTests) {
    const file = join(process.cwd(), 'node_modules', library.package, 'package.json');
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
    expect([library.package, library.version]).toEqual([library.package, version]);
  }
});

test('each says who has run it, and what nobody has run is a beta', () => {
  expect(ranSentence({ ran: 'tests', library: { package: 'p', version: '1.0.0' } })).toBe(
    'Run with p 1.0.0 by the tests of this release.',
  );
  expect(ranSentence({ ran: 'by hand', library: { package: 'p', version: '1.0.0' } })).toBe(
    'Run with p 1.0.0 by hand, once.',
  );
  expect(ranSentence({ ran: 'nobody', library: { package: 'p', version: '1.0.0' } })).toMatch(
    /^Not run by us with p 1.0.0/,
  );
  for (const { status, install } of SOURCE_CATALOG) {
    expect(status).toBe(install.every(({ ran }) => ran === 'nobody') ? 'PUBLIC_BETA' : 'PUBLIC');
    for (const { ran, library } of install) expect(ran !== 'by hand' || library !== undefined).toBe(true);
  }
});
