const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => ESCAPES[char] ?? char);

/** A sentence in which `…` marks code. */
export const prose = (text: string): string =>
  escaped(text).replaceAll(/`([^`]+)`/g, (_all, code: string) => `<code>${code}</code>`);

/** JSON in colours. It comes from us, but its texts are escaped all the same. */
export function colouredJson(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2) ?? '';
  return text.replaceAll(
    /("(?:\\.|[^"\\])*")(\s*:)?|-?\d[\d.eE+-]*|\b(?:true|false|null)\b|[^"\d\-tfn]+|./g,
    (all, quoted: string | undefined, colon: string | undefined) => {
      if (quoted !== undefined)
        return `<span class="${colon === undefined ? 's' : 'k'}">${escaped(quoted)}</span>${colon ?? ''}`;
      return /^(?:-?\d|true|false|null)/.test(all) ? `<span class="n">${escaped(all)}</span>` : escaped(all);
    },
  );
}
