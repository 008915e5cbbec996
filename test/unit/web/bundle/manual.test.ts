import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docPage } from '../../../../web/bundle/manual-page.ts';
import { writeManual } from '../../../../web/bundle/manual.ts';
import { MANUAL_TOPICS } from '../../../../web/bundle/manual-topics.ts';

let out: string;
beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'tributary-manual-'));
  await writeManual(out);
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

const files = (): string[] =>
  readdirSync(join(out, 'manual'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'));
const read = (name: string): string => readFileSync(join(out, 'manual', name), 'utf8');

test('each link and each anchor within the manual leads somewhere', () => {
  const known = new Set(files());
  const dead = files().flatMap((file) =>
    [...read(file).matchAll(/href="([^"]+)"/g)].flatMap(([, href = '']) => {
      const [path = '', anchor] = href.split('#');
      if (/^https?:|^mailto:/.test(href) || path === '/' || path.endsWith('.css') || path.endsWith('.svg')) return [];
      const target = path === '' ? file : path.replace('/manual/', '');
      if (!known.has(target)) return [`${file}: ${href}`];
      return anchor === undefined || anchor === 'content' || read(target).includes(`id="${anchor}"`)
        ? []
        : [`${file}: ${href}`];
    }),
  );
  expect(dead).toEqual([]);
});

test('the index names each page of docs/ but those for who works on the code', () => {
  const pages = files().filter((name) => !name.startsWith('decisions') && name !== 'index.html');
  const named = new Set(MANUAL_TOPICS.flatMap((topic) => topic.pages).map((name) => `${name}.html`));
  expect(pages.filter((name) => !named.has(name))).toEqual(['acceptance.html']);
  expect([...named].filter((name) => !pages.includes(name))).toEqual([]);
});

test('pages run nothing: HTML of a file is text, links of other kinds are none', () => {
  const html = docPage(
    '# T\n\n<script>alert(1)</script> <img src=x onerror=alert(1)>\n\n[a](javascript:alert(1)) [b](../cli/x.ts)',
    't',
    new Map(),
  );
  expect(html).not.toMatch(/<script|<img|javascript:/);
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  for (const file of files())
    expect([
      file,
      /<script|\son\w+=/.test(read(file).replaceAll(/<(?:code|pre)[\s\S]*?<\/(?:code|pre)>/g, '')),
    ]).toEqual([file, false]);
});
