import * as z from 'zod';
import { NAME_CHARS_MAX } from '../domain/workspace.ts';

// What clients send, bounded as the things themselves are: a name that could not be saved is refused where it is named.

export const nameText = () => z.string().trim().min(1).max(NAME_CHARS_MAX);
export const slugText = () => z.string().regex(/^[a-z0-9_-]{1,64}$/, 'small letters, digits, _ and -, at most 64');
/** An id of whatever kind; ours have 64 characters at most. */
export const idText = () => z.string().min(1).max(128);
/** FQL of a mapping's trigger; of a filter see FQL_BYTES_MAX. */
export const triggerText = () => z.string().min(1).max(5_120);
