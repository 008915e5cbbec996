import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

/** Mails that are kept; the oldest go. */
export const MAILS_MAX = 500;

export const Mail = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  text: z.string(),
});
export type Mail = z.infer<typeof Mail>;

export type MailStore = {
  add(mail: Mail): void;
  /** Newest first. */
  list(): Mail[];
};

/** One file for each mail, in the order of their names. Written aside and renamed: a crash leaves no half of a mail. */
export function mailStore(directory: string): MailStore {
  mkdirSync(directory, { recursive: true });
  const files = (): string[] =>
    readdirSync(directory)
      .filter((name) => name.endsWith('.json'))
      .toSorted();
  let count = files().length;
  return {
    add: (mail) => {
      count += 1;
      const name = `${mail.at.replaceAll(/[^0-9]/g, '')}-${String(count).padStart(9, '0')}-${mail.id}.json`;
      const aside = join(directory, `${name}.aside`);
      writeFileSync(aside, JSON.stringify(mail));
      renameSync(aside, join(directory, name));
      const kept = files();
      for (const old of kept.slice(0, Math.max(0, kept.length - MAILS_MAX))) rmSync(join(directory, old));
    },
    list: () =>
      files()
        .toReversed()
        .flatMap((name) => {
          const parsed = Mail.safeParse(parsedJson(readFileSync(join(directory, name), 'utf8')));
          return parsed.success ? [parsed.data] : [];
        }),
  };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
