import { randomBytes } from 'node:crypto';
import { WriteKey } from '../domain/ids.ts';

/** 32 letters and digits, 190 random bits. No `-` or `_`: at its beginning it would be an option in a command line. */
export const newWriteKey = (): WriteKey =>
  WriteKey.parse(
    randomBytes(96)
      .toString('base64')
      .replaceAll(/[^A-Za-z0-9]/g, '')
      .slice(0, 32),
  );
