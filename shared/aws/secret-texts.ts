import { createHash, randomBytes } from 'node:crypto';

/** The text of an API token: 256 random bits behind a mark that scanners of secrets can look for (T5). */
export const newApiToken = (): string => `tby_${randomBytes(32).toString('base64url')}`;

/** The text of an invite's link: 256 random bits. */
export const newInviteText = (): string => `inv_${randomBytes(32).toString('base64url')}`;

/** What is kept of either. */
export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

/** 32 bits: a source has WRITE_KEYS_PER_SOURCE_MAX keys, so two alike are one in 100 million sources. */
const TAG_CHARS = 8;

/** What stands for a write key in messages and rows, which are no place for the key itself. */
export const writeKeyTag = (writeKey: string): string => sha256Of(writeKey).slice(0, TAG_CHARS);
