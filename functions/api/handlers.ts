import type { Handler, HandlersOf } from './http/request.ts';
import { statusHandlers } from './routes/status.ts';
import { workspacesHandlers } from './routes/workspaces.ts';

/** One for each operation that is not of the kind `later`. */
const HANDLERS: Partial<HandlersOf> = { ...workspacesHandlers, ...statusHandlers };

export const handlerOf = (id: string): Handler | undefined =>
  Object.hasOwn(HANDLERS, id) ? (HANDLERS as Readonly<Record<string, Handler>>)[id] : undefined;
