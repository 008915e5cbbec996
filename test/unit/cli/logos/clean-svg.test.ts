import { cleanSvg, DARK_STYLE, LOGO_BYTES_MAX } from '../../../../cli/logos/clean-svg.ts';

const svg = (content: string, attributes = 'viewBox="0 0 8 8"') => `<svg ${attributes}>${content}</svg>`;
const RED = '<path fill="#f00" d="M0 0h8v8z"/>';
const CLEAN = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">${RED}</svg>`;

test.each([
  ['a script', svg(`<script>alert(1)</script>${RED}`)],
  ['a script within a group that stays empty of it', svg(`<script><g><path d="M1 1"/></g></script>${RED}`)],
  ['what is foreign', svg(`<foreignObject><body onload="x()"><p>hi</p></body></foreignObject>${RED}`)],
  ['handlers', svg('<path onclick="x()" fill="#f00" onload=\'y()\' d="M0 0h8v8z"/>', 'onload="x()" viewBox="0 0 8 8"')],
  [
    'pictures and links to elsewhere',
    svg(`<image href="https://evil.example/x.png"/><a href="https://evil.example"><path d="M1 1"/></a>${RED}`),
  ],
  [
    'references to elsewhere',
    svg(
      '<path fill="#f00" style="background:url(https://evil.example/x)" d="M0 0h8v8z" mask="url(//evil.example#m)"/>',
    ),
  ],
  [
    'comments, declarations and titles',
    `<?xml version="1.0"?><!DOCTYPE svg><!-- made by -->${svg(`<title>Red</title>${RED}`)}`,
  ],
  ['animation', svg(`<animate attributeName="href" to="javascript:alert(1)"/><set attributeName="d" to="M1"/>${RED}`)],
  ['style sheets', svg(`<style>@import url(https://evil.example/x.css); path { fill: blue }</style>${RED}`)],
  ['sizes and ids of the whole', svg(RED, 'id="logo" width="80" height="80" viewBox="0 0 8 8" class="x"')],
  ['encoded values', svg('<path fill="#f00" transform="&#106;avascript" d="M0 0h8v8z"/>')],
])('%s: left out, the rest stays', (_case, text) => {
  expect(cleanSvg(text)).toBe(CLEAN);
});

test('references within the file stay, by their new name', () => {
  const text = svg(
    '<defs><linearGradient id="a"><stop stop-color="#00f"/></linearGradient></defs><path id="p" fill="url(#a)" d="M0 0"/><use xlink:href="#p" x="1"/>',
  );
  expect(cleanSvg(text)).toBe(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><defs><linearGradient id="a"><stop stop-color="#00f"/></linearGradient></defs><path id="p" fill="url(#a)" d="M0 0"/><use href="#p" x="1"/></svg>',
  );
});

test('references to code or to elsewhere go', () => {
  const text = svg(
    '<use href="javascript:alert(1)"/><use xlink:href="other.svg#p"/><path fill="#f00" mask="url(other.svg)" d="M0 0"/>',
  );
  expect(cleanSvg(text)).toBe(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><use/><use/><path fill="#f00" d="M0 0"/></svg>',
  );
});

test('colours that a style sheet gives to classes become attributes, and go before those that are there', () => {
  const text = svg('<style>.a, .b { fill: #00f; } .b{stroke:#0f0}</style><path class="a b" fill="#f00" d="M0 0"/>');
  expect(cleanSvg(text)).toBe(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path fill="#00f" d="M0 0" stroke="#0f0"/></svg>',
  );
});

test.each([
  ['said to be so', svg('<path fill="#111" d="M0 0"/>'), '<path fill="currentColor" d="M0 0"/>'],
  ['by default', svg('<path d="M0 0"/>'), '<path d="M0 0"/>'],
])('a mark of near-black alone, %s, is light on a dark page', (_case, text, content) => {
  expect(cleanSvg(text)).toBe(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8" fill="currentColor">${DARK_STYLE}${content}</svg>`,
  );
});

test.each([
  ['not an SVG', '<html></html>'],
  ['text without an element', 'red'],
  ['elements that do not close in order', svg('<g><path d="M0 0"></g></path>')],
  ['an element that never closes', '<svg viewBox="0 0 8 8"><g>'],
  ['no size', svg(RED, 'fill="#f00"')],
  ['an attribute without quotes', svg('<path d=M0/>')],
  ['more than 16 KB', svg(`<path d="${'M0 0'.repeat(LOGO_BYTES_MAX / 4)}"/>`)],
])('%s is no logo', (_case, text) => {
  expect(cleanSvg(text)).toBeUndefined();
});

test('a size stands for the missing box', () => {
  expect(cleanSvg(svg(RED, 'width="8px" height="8px"'))).toBe(CLEAN);
});
