import type * as z from 'zod';
import type { TransformationV1 } from '../../../shared/api/shapes.ts';
import { MASKED } from '../../../shared/domain/audit.ts';
import { parseFql } from '../../../shared/domain/fql/parse-fql.ts';
import { Transformation, TRANSFORMATIONS_MAX } from '../../../shared/domain/governance.ts';
import { TransformationId } from '../../../shared/domain/ids.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../shared/domain/json.ts';
import type { WorkspaceConfig } from '../../../shared/domain/workspace.ts';
import { invalid, notFound } from '../http/api-fault.ts';
import { refused } from '../http/authorise.ts';
import { parsedAs } from '../http/read-input.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { changed, differs, faulty, overQuota, SUCCESS, tellVersion, unsaved } from '../resources/faults.ts';
import { refuseUnseen, sourceIn } from '../resources/find-things.ts';
import { targetOf } from '../resources/source-views.ts';

type Shown = z.output<ReturnType<typeof TransformationV1>>;

/** Members that say what a transformation does, as the Public API has them. */
const DOES = [
  'drop',
  'newEventName',
  'propertyRenames',
  'propertyValueTransformations',
  'fqlDefinedProperties',
  'allowProperties',
  'hashPropertiesConfiguration',
] as const;
type Input = Partial<
  Record<(typeof DOES)[number] | 'name' | 'sourceId' | 'destinationMetadataId' | 'enabled' | 'if', unknown>
>;

/** The `field` under which the key of a hash is sealed. */
const HASH_KEY_FIELD = 'hash.key';

function shown({ id, name, sourceId, destinationMetadataId, enabled, if: condition, does }: Transformation): Shown {
  const { hashPropertiesConfiguration: hash, ...rest } = does as JsonObject;
  return {
    id,
    name,
    sourceId,
    ...(destinationMetadataId !== undefined && { destinationMetadataId }),
    enabled,
    if: condition,
    ...rest,
    ...(isJsonObject(hash ?? null) && {
      hashPropertiesConfiguration: {
        ...(hash as JsonObject),
        ...(Object.hasOwn(hash as JsonObject, 'key') && { key: MASKED }),
      },
    }),
  } as Shown;
}

/** Kept and checked for clients of the Public API; nothing obeys one before the governance issue. */
export const transformationsHandlers: HandlersOf<
  'listTransformations' | 'createTransformation' | 'getTransformation' | 'updateTransformation' | 'deleteTransformation'
> = {
  listTransformations: async (request, { query }) => {
    const { sources } = await request.config();
    const seen = new Set(
      sources.filter((source) => request.may('transformation.read', targetOf(source))).map(({ id }) => id),
    );
    const items = (await request.control.listTransformations(request.workspaceId)).filter(({ sourceId }) =>
      seen.has(sourceId),
    );
    const page = await request.pages.cut({ name: 'transformations', items, keyOf: ({ id }) => id }, query.pagination);
    return { transformations: page.items.map(shown), pagination: page.pagination };
  },

  createTransformation: async (request, { body }) => {
    const id = TransformationId.parse(request.newId('trn'));
    await refuseWrong(request, body);
    const does = await sealed(request, id, doesOf(body), {});
    refuseCombination(does);
    const thing = await request.change(async (config) => {
      const items = await request.control.listTransformations(request.workspaceId);
      if (items.length >= TRANSFORMATIONS_MAX) {
        throw overQuota(
          'transformations',
          TRANSFORMATIONS_MAX,
          `A workspace has ${TRANSFORMATIONS_MAX} transformations at most.`,
        );
      }
      const { name, destinationMetadataId, enabled } = body;
      const made = parsedAs(Transformation, {
        id,
        workspaceId: request.workspaceId,
        name,
        sourceId: sourceIn(config, body.sourceId).id,
        ...(destinationMetadataId !== undefined && { destinationMetadataId }),
        enabled,
        if: body.if,
        does,
        ...unsaved(request),
      });
      return { changes: [{ kind: 'transformation', verb: 'save', thing: made }], value: made };
    });
    return { transformation: shown(thing) };
  },

  getTransformation: async (request, { path }) => {
    const thing = await transformationOf(request, path['transformationId']);
    request.matchVersion(thing);
    return { transformation: shown(thing) };
  },

  updateTransformation: async (request, { path, body }) => {
    await refuseWrong(request, body);
    const seen = await transformationOf(request, path['transformationId']);
    const given = await sealed(request, seen.id, doesOf(body), seen.does);
    const thing = await request.change(async (config) => {
      const before = await transformationOf(request, path['transformationId']);
      request.matchVersion(before);
      const does = { ...before.does, ...given };
      refuseCombination(does);
      const { name, sourceId, destinationMetadataId, enabled, if: condition } = body;
      if (sourceId !== undefined) await refuseForeign(request, config, sourceId);
      const members = { name, sourceId, destinationMetadataId, enabled, if: condition, does };
      const next = changed(
        Transformation,
        before,
        Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)),
        request,
      );
      if (!differs(before, next)) return { changes: [], value: before };
      tellVersion(request, next.version + 1);
      return { changes: [{ kind: 'transformation', verb: 'save', thing: next }], value: next };
    });
    return { transformation: shown(thing) };
  },

  deleteTransformation: async (request, { path }) => {
    await request.change(async () => {
      const thing = await transformationOf(request, path['transformationId']);
      request.matchVersion(thing);
      return { changes: [{ kind: 'transformation', verb: 'remove', thing }], value: undefined };
    });
    return SUCCESS;
  },
};

async function transformationOf(request: ApiRequest, id = ''): Promise<Transformation> {
  const found = (await request.control.listTransformations(request.workspaceId)).find((one) => one.id === id);
  if (found === undefined) throw notFound('transformation', id);
  return found;
}

/** A source that somebody moves a transformation to is one whose transformations they may edit. */
async function refuseForeign(request: ApiRequest, config: WorkspaceConfig, id: string): Promise<void> {
  refuseUnseen(request, config, id);
  if (!request.may('transformation.edit', targetOf(sourceIn(config, id)))) {
    throw await refused(request, 'transformation.edit');
  }
}

async function refuseWrong(request: ApiRequest, body: Input): Promise<void> {
  const { if: condition, destinationMetadataId: type } = body;
  const parsed = typeof condition === 'string' ? parseFql(condition) : undefined;
  if (parsed?.outcome === 'invalid') {
    const { message, at } = parsed.fault;
    throw invalid({ field: 'if', message: `${message} (at character ${at + 1})`, data: { at } });
  }
  if (typeof type === 'string' && (await request.deps.catalog.get(type)) === undefined) {
    throw invalid({ field: 'destinationMetadataId', message: 'There is no such type of destination.' });
  }
}

const doesOf = (body: Input): JsonObject =>
  Object.fromEntries(DOES.flatMap((key) => (body[key] === undefined ? [] : [[key, body[key]]]))) as JsonObject;

/** The key of a hash goes in sealed; dots in its place leave the one that is there. */
async function sealed(
  request: ApiRequest,
  id: Transformation['id'],
  does: JsonObject,
  before: JsonObject,
): Promise<JsonObject> {
  const { hashPropertiesConfiguration: hash } = does;
  if (!isJsonObject(hash ?? null)) return does;
  const { key, ...rest } = hash as JsonObject;
  if (typeof key !== 'string' || key === '') return { ...does, hashPropertiesConfiguration: rest };
  return { ...does, hashPropertiesConfiguration: { ...rest, key: await sealedKey(request, id, key, before) } };
}

async function sealedKey(
  request: ApiRequest,
  id: Transformation['id'],
  key: string,
  { hashPropertiesConfiguration: hash }: JsonObject,
): Promise<Json> {
  if (key !== MASKED) {
    const sealer = await request.deps.sealer();
    const { workspaceId } = request;
    return await sealer.seal(key, { workspaceId, destinationId: id, field: HASH_KEY_FIELD });
  }
  const kept = isJsonObject(hash ?? null) ? (hash as JsonObject)['key'] : undefined;
  if (kept !== undefined) return kept;
  throw invalid({
    field: 'hashPropertiesConfiguration.key',
    message: 'These dots stand for a key, and none is kept: enter the key itself.',
  });
}

/** What cannot be done at once (features 7.5). */
function refuseCombination(does: JsonObject): void {
  const { fqlDefinedProperties: fql, propertyRenames: renames, propertyValueTransformations: values, drop } = does;
  const has = (list: Json | undefined) => Array.isArray(list) && list.length > 0;
  const faults = [
    ...(has(fql) && (has(renames) || has(values))
      ? [{ field: 'fqlDefinedProperties', message: 'They do not go together with renames or values.' }]
      : []),
    ...(drop === true && (has(fql) || has(renames) || has(values))
      ? [{ field: 'drop', message: 'What is dropped is not changed: take the rest out.' }]
      : []),
    ...repeatedPaths(values, renames),
  ];
  if (faults.length > 0) throw faulty(faults);
}

function repeatedPaths(values: Json | undefined, renames: Json | undefined): { field: string; message: string }[] {
  const seen = new Set(
    (Array.isArray(renames) ? renames : []).map((rename) => (isJsonObject(rename) ? rename['oldName'] : undefined)),
  );
  return (Array.isArray(values) ? values : []).flatMap((value, index) => {
    const paths = isJsonObject(value) && Array.isArray(value['propertyPaths']) ? value['propertyPaths'] : [];
    return paths.flatMap((path) => {
      const isTaken = seen.has(path);
      seen.add(path);
      return isTaken
        ? [
            {
              field: `propertyValueTransformations.${index}.propertyPaths`,
              message: `${JSON.stringify(path)} is changed twice.`,
            },
          ]
        : [];
    });
  });
}
