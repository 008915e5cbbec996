import { HANDLED } from '../shared/api/operations.ts';
import type { Operation } from '../shared/api/operation.ts';

/** The text of web/src/api/operation-paths.ts: where each operation is, without shapes, which browsers do not need. */
export function operationPathsFile(): string {
  const lines = Object.entries(HANDLED as Readonly<Record<string, Operation>>).map(
    ([id, { method, path, bare, contentType }]) => {
      const more = [bare === true && 'bare: true', contentType !== undefined && `contentType: '${contentType}'`];
      return `  ${id}: { ${[`method: '${method}'`, `path: '${path}'`, ...more.filter(Boolean)].join(', ')} },`;
    },
  );
  return `// Written by cli/generate-openapi.ts from shared/api/operations.ts: do not edit.
import type { Named } from '../../../shared/api/client-over.ts';
import type { HandledId } from '../../../shared/api/operations.ts';

export const OPERATION_PATHS: Readonly<Record<HandledId, Named>> = {
${lines.join('\n')}
};
`;
}
