import type { DefinitionField } from '../../../../shared/destinations/destination-definition.ts';
import type { Json } from '../../../../shared/domain/json.ts';
import type { EventPath } from '../filters/event-paths.ts';

/** What the controls of an expression are given. */
export type ExpressionInputProps = {
  label: string;
  value: Json;
  onChange: (value: Json) => void;
  paths: readonly EventPath[];
  /** What the action says of the field; undefined for a part of it that it says nothing of. */
  field?: DefinitionField | undefined;
  depth?: number;
  error?: string | undefined;
};
