import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logoReader } from '../../../../../shared/catalog/logo-reader.ts';
import { apiWorld } from '../../../../builders/api-world.ts';

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h1"/></svg>';
const root = mkdtempSync(join(tmpdir(), 'tributary-logos-'));
afterAll(() => rmSync(root, { recursive: true }));
const directory = join(root, 'logos');
mkdirSync(directory);
writeFileSync(join(directory, 'tool.svg'), SVG);
writeFileSync(join(root, 'secret.svg'), 'secret');

test('a logo is served to anybody as a picture that can do nothing, and may be kept for a day', async () => {
  const { call } = await apiWorld({ logos: logoReader(directory), places: { cdnUrl: '' } });
  const { destination } = (await call('GET', '/app-api/catalog/destinations/tool')).data as {
    destination: { logo: string };
  };
  expect(destination.logo).toBe('/logos/tool.svg');
  await expect(call('GET', destination.logo, { bearer: null })).resolves.toMatchObject({
    status: 200,
    text: SVG,
    headers: {
      'Content-Type': 'image/svg+xml',
      'Cache-Control': 'public, max-age=86400',
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'X-Content-Type-Options': 'nosniff',
      'Access-Control-Allow-Origin': '*',
    },
  });
});

test.each(['other.svg', '..%2Fsecret.svg', '..', '%2e%2e%2fsecret.svg', 'tool', '__proto__'])(
  'the name %s, which is none of the files, is answered 404 and reads nothing',
  async (name) => {
    const { call } = await apiWorld({ logos: logoReader(directory) });
    const answer = await call('GET', `/logos/${name}`, { bearer: null });
    expect([answer.status, answer.errors[0]?.type]).toEqual([404, 'not-found']);
  },
);

test('a directory that could not be read is read anew', async () => {
  const late = join(root, 'late');
  const reader = logoReader(late);
  await expect(reader.get('tool.svg')).rejects.toThrow(/ENOENT/);
  mkdirSync(late);
  writeFileSync(join(late, 'tool.svg'), SVG);
  await expect(reader.get('tool.svg')).resolves.toBe(SVG);
});
