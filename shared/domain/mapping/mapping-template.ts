/** A piece of a template: text as it stands, or the path within braces. */
export type TemplatePiece = { text: string } | { path: string };

/** Characters of a template. */
export const TEMPLATE_CHARS_MAX = 4_096;

/**
 * The pieces of a text with `{{path}}` or `{{{path}}}` in it, found in one pass. What is filled in is not looked through again: a payload cannot bring
 * braces of its own. Braces that are not closed are text.
 */
export function templatePieces(template: string): TemplatePiece[] {
  const pieces: TemplatePiece[] = [];
  let at = 0;
  while (at < template.length) {
    const open = template.indexOf('{{', at);
    if (open === -1) break;
    const width = template[open + 2] === '{' ? 3 : 2;
    const close = template.indexOf('}'.repeat(width), open + width);
    if (close === -1) break;
    if (open > at) pieces.push({ text: template.slice(at, open) });
    pieces.push({ path: template.slice(open + width, close).trim() });
    at = close + width;
  }
  if (at < template.length) pieces.push({ text: template.slice(at) });
  return pieces;
}
