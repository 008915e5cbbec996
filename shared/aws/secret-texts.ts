import { createHash, randomBytes } from 'node:crypto';

/** The text of an API token: 256 random bits behind a mark that scanners of secrets can look for (T5). */
export const newApiToken = (): string => `tby_${randomBytes(32).toString('base64url')}`;

/** The text of an invite's link: 256 random bits. */
export const newInviteText = (): string => `inv_${randomBytes(32).toString('base64url')}`;

/** What is kept of either. */
export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');
