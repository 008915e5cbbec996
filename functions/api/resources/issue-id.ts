import { IssueName } from '../../../shared/domain/delivery/issues.ts';

/** Characters of an id: base64url of a name's JSON, whose message has 256 characters of up to 6 bytes each. */
const ISSUE_ID_CHARS_MAX = 3_000;

/** No secret: whoever knows it must still be allowed to see the destination. */
export const issueIdOf = (name: IssueName): string => Buffer.from(JSON.stringify(name)).toString('base64url');

/** `undefined` for what is no id of an issue. */
export function readIssueId(text: string | undefined): IssueName | undefined {
  if (text === undefined || text.length > ISSUE_ID_CHARS_MAX || !/^[\w-]+$/.test(text)) return undefined;
  try {
    const parsed = IssueName.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
