import * as z from 'zod';
import { operation } from '../operation.ts';
import { LabelV1 } from '../shapes.ts';
import { isPlainDescription, NOT_PLAIN } from '../../domain/name-text.ts';

export const labelsOperations = {
  listLabels: operation({
    method: 'GET',
    path: '/labels',
    tag: 'Labels',
    stability: 'ga',
    effect: 'works',
    access: { right: 'label.read', of: 'workspace' },
    answer: () => z.strictObject({ labels: z.array(LabelV1()) }),
  }),
  createLabel: operation({
    method: 'POST',
    path: '/labels',
    tag: 'Labels',
    stability: 'ga',
    effect: 'works',
    access: { right: 'label.edit', of: 'workspace' },
    status: 201,
    body: () =>
      z.strictObject({ label: LabelV1() }).refine(({ label }) => isPlainDescription(label.description ?? ''), {
        path: ['label', 'description'],
        message: NOT_PLAIN,
      }),
    answer: () => z.strictObject({ label: LabelV1() }),
    audits: ['Label Created'],
  }),
  deleteLabel: operation({
    method: 'DELETE',
    path: '/labels/{key}/{value}',
    tag: 'Labels',
    stability: 'ga',
    effect: 'works',
    access: { right: 'label.edit', of: 'workspace' },
    answer: () => z.strictObject({ status: z.literal('SUCCESS') }),
    audits: ['Label Deleted'],
  }),
};
