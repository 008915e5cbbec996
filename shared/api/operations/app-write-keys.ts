import * as z from 'zod';
import { WriteKey } from '../../domain/ids.ts';
import { operation } from '../operation.ts';
import { SourceV1 } from '../shapes.ts';

/** Write keys beyond what the original offers. */
export const appWriteKeysOperations = {
  addWriteKeyToSource: operation({
    method: 'POST',
    path: '/app-api/sources/{sourceId}/write-keys',
    tag: 'Sources',
    stability: 'own',
    effect: 'works',
    access: { right: 'source.keys', of: 'source', param: 'sourceId', in: 'path' },
    summary:
      'Gives a source the write key that is named, such as one that it had elsewhere: what sends with it goes on. 409 where a source has it already.',
    status: 201,
    body: () => z.strictObject({ writeKey: WriteKey }),
    answer: () => z.strictObject({ source: SourceV1() }),
    audits: ['Source Modified'],
  }),
};
