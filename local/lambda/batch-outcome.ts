import type { InvokeResult } from '../types.ts';

/**
 * Which messages of a batch succeeded, by AWS's rules for SQS ("Reporting batch item failures"):
 * without ReportBatchItemFailures, or when the function failed, it is all or none. With it, an empty or null answer, and an empty or null
 * list, mean that all succeeded; an answer that is no object, a list that is none, an item with a wrong key name, or an identifier that is
 * empty, null or not of the batch, mean that all failed.
 */
export function succeededOf(
  messageIds: readonly string[],
  result: InvokeResult,
  reportsFailures: boolean,
): ReadonlySet<string> {
  const none = new Set<string>();
  if (!result.ok) return none;
  const all = new Set(messageIds);
  if (!reportsFailures || result.payload === null || result.payload === undefined) return all;
  if (typeof result.payload !== 'object' || Array.isArray(result.payload)) return none;
  const { batchItemFailures: failures }: { batchItemFailures?: unknown } = result.payload;
  if (failures === null || failures === undefined) return all;
  if (!Array.isArray(failures)) return none;
  const succeeded = new Set(messageIds);
  for (const failure of failures as unknown[]) {
    const id = typeof failure === 'object' && failure !== null && 'itemIdentifier' in failure && failure.itemIdentifier;
    if (typeof id !== 'string' || !all.has(id)) return none;
    succeeded.delete(id);
  }
  return succeeded;
}
