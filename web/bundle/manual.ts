import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { docPage, escaped } from './manual-page.ts';
import { MANUAL_TOPICS } from './manual-topics.ts';

const DOCS = join(import.meta.dirname, '..', '..', 'docs');
const STYLES = join(import.meta.dirname, 'manual.css');
/** A page as its file has it, and what it is called. */
type Source = { name: string; text: string; title: string };

/**
 * Writes docs/ as static pages into `outDirectory`/manual: the index by topic, a page for each file and each decision, anchors at headings, links between
 * them. HTML in a file is shown as text, and pages have no scripts.
 */
export async function writeManual(outDirectory: string): Promise<void> {
  const out = join(outDirectory, 'manual');
  await mkdir(join(out, 'decisions'), { recursive: true });
  const sources = [...(await read('')), ...(await read('decisions/'))];
  const titles = new Map(sources.map(({ name, title }) => [name, title]));
  await writeFile(join(out, 'manual.css'), await readFile(STYLES));
  await Promise.all(
    sources.map(async ({ name, text, title }) => {
      const html = docPage(text, name, titles);
      await writeFile(join(out, `${name}.html`), page({ name, title, html, titles }));
    }),
  );
  await writeFile(
    join(out, 'index.html'),
    page({ name: 'index', title: 'Manual', html: indexHtml(sources, titles), titles }),
  );
}

async function read(folder: string): Promise<Source[]> {
  const files = (await readdir(join(DOCS, folder))).filter((file) => file.endsWith('.md')).toSorted();
  return await Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(DOCS, folder, file), 'utf8');
      const name = `${folder}${basename(file, '.md')}`;
      return { name, text, title: /^# (.+)$/m.exec(text)?.[1]?.replaceAll('`', '') ?? name };
    }),
  );
}

function indexHtml(sources: readonly Source[], titles: ReadonlyMap<string, string>): string {
  const about = new Map(sources.map(({ name, text }) => [name, firstSentence(text)]));
  const topics = MANUAL_TOPICS.map(
    ({ title, pages }) =>
      `<section><h2>${escaped(title)}</h2><ul class="cards">${pages
        .filter((name) => titles.has(name))
        .map(
          (name) =>
            `<li><a href="/manual/${name}.html"><b>${escaped(titles.get(name) ?? name)}</b><span>${escaped(about.get(name) ?? '')}</span></a></li>`,
        )
        .join('')}</ul></section>`,
  );
  const decisions = sources
    .filter(({ name }) => name.startsWith('decisions/'))
    .map(({ name, title }) => `<li><a href="/manual/${name}.html">${escaped(title)}</a></li>`);
  return `<h1>Manual</h1><p class="lead">How Tributary is used and run. Press Ctrl K in the app to search what is in it.</p>${topics.join('')}<section><h2>Why it is so</h2><ul class="plain">${decisions.join('')}</ul></section>`;
}

/** The first sentence below a page's title, without its marks. */
function firstSentence(text: string): string {
  const [, paragraph = ''] =
    /^# .+\n+([\s\S]*?)(?:\n\n|$)/.exec(text.replaceAll(/<!--[\s\S]*?-->\n*|^##.*\n+/gm, '')) ?? [];
  const plain = paragraph
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[`*_]/g, '')
    .replaceAll(/\s+/g, ' ');
  return (/^.*?[.:?](?=\s|$)/.exec(plain)?.[0] ?? plain).replace(/:$/, '.');
}

type PageParts = { name: string; title: string; html: string; titles: ReadonlyMap<string, string> };

function page({ name, title, html, titles }: PageParts): string {
  const nav = MANUAL_TOPICS.map(
    ({ title: topic, pages }) =>
      `<p>${escaped(topic)}</p><ul>${pages
        .filter((one) => titles.has(one))
        .map(
          (one) =>
            `<li><a href="/manual/${one}.html"${one === name ? ' aria-current="page"' : ''}>${escaped(titles.get(one) ?? one)}</a></li>`,
        )
        .join('')}</ul>`,
  ).join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} · Tributary manual</title>
<link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="/manual/manual.css">
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<header><a href="/manual/index.html"><img src="/favicon.svg" alt="" width="24" height="24"> Tributary manual</a><a href="/">Open the app</a></header>
<div class="frame">
<nav aria-label="Manual">${nav}</nav>
<main id="content" tabindex="-1">${html}</main>
</div>
</body>
</html>
`;
}
