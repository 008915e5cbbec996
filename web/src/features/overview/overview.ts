import type { AnswerOf } from '../../../../shared/api/operation.ts';
import type { Handled } from '../../../../shared/api/operations.ts';

/** What the API answers of what is connected. */
export type Overview = AnswerOf<Handled['getOverview']>;
export type SourceNode = Overview['sources'][number];
export type DestinationNode = Overview['destinations'][number];
export type Connection = Overview['connections'][number];
