/** What a mail to a developer is made of. */
export type MailParts = {
  sourceName: string;
  kindName: string;
  /** The texts with the source's key in them. */
  texts: readonly { title: string; code: string }[];
  /** The install page. */
  url: string;
};

/** Characters of a mailto address that every mail program takes; of a longer one the code is left to the page. */
const MAILTO_CHARS_MAX = 8_000;

/** A mailto: address with the code to paste. */
export function mailTo({ sourceName, kindName, texts, url }: MailParts): string {
  const address = (lines: readonly string[]): string =>
    `mailto:?subject=${encodeURIComponent(`Events of ${sourceName}: what to install`)}&body=${encodeURIComponent(lines.join('\r\n'))}`;
  const head = [`This sends events of “${sourceName}” to Tributary, with ${kindName}:`, ''];
  const end = ['', `This page turns green when the first event is there: ${url}`];
  const code = texts.flatMap((text) => [`${text.title}:`, '', ...text.code.trimEnd().split('\n'), '']);
  const whole = address([...head, ...code, ...end]);
  return whole.length <= MAILTO_CHARS_MAX ? whole : address([...head, `The code is on the page.`, ...end]);
}
