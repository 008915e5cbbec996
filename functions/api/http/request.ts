import type { AnswerOf, BodyOf, Operation, QueryOf } from '../../../shared/api/operation.ts';
import type { Handled, HandledId } from '../../../shared/api/operations.ts';
import type { Permission, Right, Target } from '../../../shared/domain/access.ts';
import type { WorkspaceId } from '../../../shared/domain/ids.ts';
import type { Member, Person } from '../../../shared/domain/people.ts';
import type { Source, Workspace, WorkspaceConfig } from '../../../shared/domain/workspace.ts';
import type { Author, Change, ControlStore } from '../../../shared/ports/control-store.ts';
import type { ApiDeps } from '../api-deps.ts';
import type { Bearer } from './callers.ts';
import type { Pages } from './pages.ts';

/** Who asks, with what they may do in the workspace that they ask about. */
export type Caller =
  | { kind: 'token'; id: string; name: string; permissions: readonly Permission[]; piiAccess: boolean }
  | {
      kind: 'person';
      id: string;
      name: string;
      email: string;
      person: Person;
      member: Member | undefined;
      permissions: readonly Permission[];
      piiAccess: boolean;
    };

/** What a request is about beyond its input. Handlers get it with everything that they may use. */
export type ApiRequest = {
  id: string;
  /** Throws where nobody is signed in: only handlers of public operations meet that. */
  readonly caller: Caller;
  /** Throws where the operation is of nobody's workspace: see `Access`. */
  readonly workspace: Workspace;
  readonly workspaceId: WorkspaceId;
  /** The workspace's configuration as of this request, read strongly once. */
  config(): Promise<WorkspaceConfig>;
  /** Changes made through it carry this caller in the audit trail. */
  control: ControlStore;
  author: Author;
  deps: ApiDeps;
  now: () => Date;
  /** An id that nobody has: `newId('src')`. */
  newId: (prefix: string) => string;
  pages: Pages;
  may(right: Right, target: Target): boolean;
  /** The sources for which the caller has it, in the order in which they are kept. */
  visibleSources(right: Right): Promise<Source[]>;
  /**
   * Decides on the configuration as it is and saves what was decided, in one transaction that holds only if nothing of the workspace changed in between;
   * then it decides again, CHANGE_TRIES_MAX times and within CHANGE_WITHIN_MS at most. The caller is read and judged anew before each commit.
   * `decide` throws ApiFault where the rules forbid it. Answers what `decide` gave beside the
   * changes, the versions grown. Throws ApiFault 409 when others keep changing the workspace.
   */
  change<T>(decide: (config: WorkspaceConfig) => Promise<Decision<T>> | Decision<T>): Promise<T>;
  /** The version that the caller has seen (`If-Match`); a handler that has read another throws 409 through `matchVersion`. */
  matchVersion(thing: { version: number }): void;
  /** Headers of a good answer. */
  headers: Record<string, string>;
  /** Headers of the request, in small letters. */
  asked: { headers: Readonly<Record<string, string | undefined>>; method: string; path: string; ip: string };
  /** Who has signed in, for operations that are of no workspace. */
  bearer: Bearer | undefined;
};

/** Changes that belong together, and what to answer once they are saved. */
export type Decision<T> = { changes: readonly Change[]; value: T };

export type InputOf<O> = { path: Readonly<Record<string, string>>; query: QueryOf<O>; body: BodyOf<O> };

/** Answers what goes into `data`. Throws ApiFault for everything that is the caller's to mend. */
export type Handler<O = Operation> = (request: ApiRequest, input: InputOf<O>) => Promise<AnswerOf<O>>;

export type HandlersOf<Ids extends HandledId = HandledId> = { [Id in Ids]: Handler<Handled[Id]> };
