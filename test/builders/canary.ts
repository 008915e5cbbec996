/** Letters only and in two cases: no escape of URL, JSON or HTML touches it, so that whatever holds the secret holds this. */
export const CORE = 'KanarienvogelImKohlebergwerk';

export const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** In what spellings the secret's core is looked for; letters in any case, since header names and hosts come in small ones. */
const SPELLINGS: readonly RegExp[] = [
  new RegExp(CORE, 'i'),
  // Its half is a leak, too.
  new RegExp(CORE.slice(0, 14), 'i'),
  new RegExp(CORE.slice(14), 'i'),
  new RegExp(Buffer.from(CORE).toString('hex'), 'i'),
  ...[0, 1, 2].map((before) => {
    const [first, end] = [Math.ceil((before * 8) / 6), Math.floor(((before + CORE.length) * 8) / 6)];
    return new RegExp(base64(`${'\0'.repeat(before)}${CORE}`).slice(first, end));
  }),
];
export const isLeak = (text: string): boolean => SPELLINGS.some((spelling) => spelling.test(text));

/** The leak with some text around it, for whoever has to find it. */
export const around = (text: string): string => {
  const at = Math.max(...SPELLINGS.map((spelling) => text.search(spelling)));
  return text.slice(Math.max(0, at - 200), at + 100);
};
