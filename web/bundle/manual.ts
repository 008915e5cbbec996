import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Marked, type Tokens } from 'marked';
import { MANUAL_TOPICS } from './manual-topics.ts';

const DOCS = join(import.meta.dirname, '..', '..', 'docs');
const STYLES = join(import.meta.dirname, 'manual.css');
/** Paths of the repository that are no page of the manual are shown as text: nobody knows where its reader could open them. */
const PAGE_LINK = /^(?:\.\/)?((?:decisions\/)?[\w-]+)\.md(#.*)?$/;
const ELSEWHERE = /^(?:https?|mailto):/;

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
      const html = htmlOf(text, name, titles);
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

function htmlOf(text: string, name: string, titles: ReadonlyMap<string, string>): string {
  const ids = new Map<string, number>();
  const marked = new Marked({ gfm: true, async: false });
  marked.use({
    renderer: {
      // Comments are for who edits the file.
      html: ({ text: html }: Tokens.HTML | Tokens.Tag) => (html.startsWith('<!--') ? '' : escaped(html)),
      heading({ tokens, depth, text: words }: Tokens.Heading) {
        const slug = anchorOf(words);
        const count = ids.get(slug) ?? 0;
        ids.set(slug, count + 1);
        const id = count === 0 ? slug : `${slug}-${count}`;
        const content = this.parser.parseInline(tokens);
        return depth === 1
          ? `<h1>${content}</h1>\n`
          : `<h${depth} id="${id}"><a class="anchor" href="#${id}">${content}</a></h${depth}>\n`;
      },
      link({ href, tokens, text: words }: Tokens.Link) {
        const to = linkTo(href, name, titles);
        // A file's name says less than its title.
        const title = words.endsWith('.md') && !href.includes('#') ? titles.get(pageIn(to)) : undefined;
        const content = title === undefined ? this.parser.parseInline(tokens) : escaped(title);
        return to === undefined ? content : `<a href="${escaped(to)}">${content}</a>`;
      },
      // Pictures of the repository are for its readers; the app shows the real thing.
      image: ({ text: alt }: Tokens.Image) => `<em>${escaped(alt)}</em>`,
      table({ header, rows }: Tokens.Table) {
        const cells = (row: Tokens.TableCell[], tag: 'td' | 'th'): string =>
          row
            .map(
              ({ tokens, align }) =>
                `<${tag}${align === null ? '' : ` class="${align}"`}>${this.parser.parseInline(tokens)}</${tag}>`,
            )
            .join('');
        const body = rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n');
        return `<div class="table" tabindex="0" role="region" aria-label="Table"><table><thead><tr>${cells(header, 'th')}</tr></thead><tbody>${body}</tbody></table></div>\n`;
      },
      code: ({ text: code }: Tokens.Code) =>
        `<pre tabindex="0" role="region" aria-label="Code"><code>${escaped(code)}</code></pre>\n`,
    },
  });
  return marked.parse(text) as string;
}

/** Where a link of a file leads in the manual; undefined for what is not in it. */
function linkTo(href: string, name: string, titles: ReadonlyMap<string, string>): string | undefined {
  if (href.startsWith('#') || ELSEWHERE.test(href)) return href;
  const isInFolder = name.includes('/');
  const [, path, anchor = ''] = PAGE_LINK.exec(href.replace(/^\.\.\//, isInFolder ? '' : '../')) ?? [];
  if (path === undefined) return undefined;
  const isSibling = isInFolder && !href.startsWith('../') && !path.includes('/');
  const target = isSibling ? `decisions/${path}` : path;
  return titles.has(target) ? `/manual/${target}.html${anchor}` : undefined;
}

const pageIn = (path = ''): string => /^\/manual\/(.+)\.html$/.exec(path)?.[1] ?? '';

/** As GitHub names the anchor of a heading, so that links of the files hold in both places. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');

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

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
