import { Marked, type Tokens } from 'marked';

/** Paths of the repository that are no page of the manual are shown as text: nobody knows where its reader could open them. */
const PAGE_LINK = /^(?:\.\/)?((?:decisions\/)?[\w-]+)\.md(#.*)?$/;
const ELSEWHERE = /^(?:https?|mailto):/;

/** A file of docs/ as HTML. `name`: its path below docs/ without ending; `titles`: of all pages, which links are checked against. */
export function docPage(text: string, name: string, titles: ReadonlyMap<string, string>): string {
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
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');

/** Text in HTML, in an attribute too. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
