import * as z from 'zod';
import { FQL_BYTES_MAX } from '../../domain/rule-bounds.ts';
import { idText, nameText } from '../bounds.ts';
import { operation } from '../operation.ts';
import {
  FQLDefinedPropertyV1,
  HashPropertiesConfiguration,
  PaginationInput,
  PaginationOutput,
  PropertyRenameV1,
  PropertyValueTransformationV1,
  TransformationV1,
} from '../shapes.ts';

/** Bounds of features 7.5 and of the model's own notes; lists without one there have ours. */
const whatItDoes = () => ({
  drop: z.boolean().optional(),
  newEventName: z.string().min(1).max(512).optional(),
  propertyRenames: z.array(PropertyRenameV1()).max(200).optional(),
  propertyValueTransformations: z.array(PropertyValueTransformationV1()).max(10).optional(),
  fqlDefinedProperties: z.array(FQLDefinedPropertyV1()).max(1).optional(),
  allowProperties: z.array(z.string().min(1).max(512)).max(200).optional(),
  hashPropertiesConfiguration: HashPropertiesConfiguration().optional(),
});

export const transformationsOperations = {
  listTransformations: operation({
    method: 'GET',
    path: '/transformations',
    tag: 'Transformations',
    stability: 'ga',
    effect: 'stored',
    access: { right: 'transformation.read', of: 'visible' },
    query: () => z.strictObject({ pagination: PaginationInput().optional() }),
    answer: () => z.strictObject({ transformations: z.array(TransformationV1()), pagination: PaginationOutput() }),
  }),
  createTransformation: operation({
    method: 'POST',
    path: '/transformations',
    tag: 'Transformations',
    stability: 'ga',
    effect: 'stored',
    access: { right: 'transformation.edit', of: 'source', param: 'sourceId', in: 'body' },
    body: () =>
      z.strictObject({
        name: nameText(),
        sourceId: idText(),
        destinationMetadataId: idText().optional(),
        enabled: z.boolean(),
        if: z.string().min(1).max(FQL_BYTES_MAX),
        ...whatItDoes(),
      }),
    answer: () => z.strictObject({ transformation: TransformationV1() }),
    audits: ['Transformation Created'],
  }),
  deleteTransformation: operation({
    method: 'DELETE',
    path: '/transformations/{transformationId}',
    tag: 'Transformations',
    stability: 'ga',
    effect: 'stored',
    access: { right: 'transformation.edit', of: 'transformation', param: 'transformationId', in: 'path' },
    answer: () => z.strictObject({ status: z.literal('SUCCESS') }),
    audits: ['Transformation Deleted'],
  }),
  getTransformation: operation({
    method: 'GET',
    path: '/transformations/{transformationId}',
    tag: 'Transformations',
    stability: 'ga',
    effect: 'stored',
    access: { right: 'transformation.read', of: 'transformation', param: 'transformationId', in: 'path' },
    answer: () => z.strictObject({ transformation: TransformationV1() }),
  }),
  updateTransformation: operation({
    method: 'PATCH',
    path: '/transformations/{transformationId}',
    tag: 'Transformations',
    stability: 'ga',
    effect: 'stored',
    access: { right: 'transformation.edit', of: 'transformation', param: 'transformationId', in: 'path' },
    body: () =>
      z.strictObject({
        name: nameText().optional(),
        sourceId: idText().optional(),
        destinationMetadataId: idText().optional(),
        enabled: z.boolean().optional(),
        if: z.string().min(1).max(FQL_BYTES_MAX).optional(),
        ...whatItDoes(),
      }),
    answer: () => z.strictObject({ transformation: TransformationV1() }),
    audits: ['Transformation Updated'],
  }),
};
