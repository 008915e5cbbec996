import {
  REGULATION_BYTES_MAX,
  SUPPRESSED_USERS_MAX,
  USER_ID_CHARS_MAX,
  USERS_PER_REGULATION_MAX,
} from '../../shared/domain/suppression.ts';
import { CliError } from '../cli-error.ts';

/** Ids as they were typed and those of a file, one a line; each once. Only line ends and empty lines are not part of an id. Throws CliError. */
export function readUserIds(typed: readonly string[], file: string | undefined): string[] {
  // Editors of Windows begin a file with a mark that is part of no id; what is not UTF-8 would be another id.
  if (file?.includes('\u{fffd}'))
    throw new CliError('The file is not UTF-8: its userIds would not be those of events.');
  const lines = (file ?? '')
    .replace(/^\u{feff}/u, '')
    .split(/\r?\n/)
    .filter((line) => line !== '');
  const userIds = [...new Set([...typed, ...lines])];
  if (userIds.length === 0) throw new CliError('Say which users: their userIds, or --file FILE with one a line.');
  if (userIds.length > SUPPRESSED_USERS_MAX) {
    throw new CliError(`${userIds.length} userIds are more than a workspace holds (${SUPPRESSED_USERS_MAX}).`);
  }
  const bad = userIds.find((userId) => userId === '' || userId.length > USER_ID_CHARS_MAX);
  if (bad !== undefined) throw new CliError(`A userId has 1 to ${USER_ID_CHARS_MAX} characters.`);
  return userIds;
}

/** Cuts ids into what one regulation each can name. */
export function intoRegulations(userIds: readonly string[]): string[][] {
  const regulations: string[][] = [];
  let last: string[] = [];
  let bytes = 0;
  for (const userId of userIds) {
    const more = Buffer.byteLength(JSON.stringify(userId)) + 1;
    if (last.length === USERS_PER_REGULATION_MAX || (last.length > 0 && bytes + more > REGULATION_BYTES_MAX)) {
      regulations.push(last);
      last = [];
      bytes = 0;
    }
    last.push(userId);
    bytes += more;
  }
  return last.length === 0 ? regulations : [...regulations, last];
}
