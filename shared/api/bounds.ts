import * as z from 'zod';
import { isPlainDescription, isPlainName, NOT_PLAIN } from '../domain/name-text.ts';
import { NAME_CHARS_MAX } from '../domain/workspace.ts';

// What clients send, bounded as the things themselves are: a name that could not be saved is refused where it is named.

export const nameText = () => z.string().trim().min(1).max(NAME_CHARS_MAX).refine(isPlainName, NOT_PLAIN);
/** Of a filter; how long it may be, the filter itself says. */
export const titleText = () => z.string().trim().refine(isPlainName, NOT_PLAIN);
export const descriptionText = () => z.string().max(1_024).refine(isPlainDescription, NOT_PLAIN);
export const slugText = () => z.string().regex(/^[a-z0-9_-]{1,64}$/, 'small letters, digits, _ and -, at most 64');
/** An id of whatever kind; ours have 64 characters at most. */
export const idText = () => z.string().min(1).max(128);
/** FQL of a mapping's trigger; of a filter see FQL_BYTES_MAX. */
export const triggerText = () => z.string().min(1).max(5_120);
