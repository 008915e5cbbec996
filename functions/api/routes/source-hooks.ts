import type * as z from 'zod';
import type { SourceHook, SourceHookInput } from '../../../shared/api/own-shapes.ts';
import { isNearlyMasked, MASKED } from '../../../shared/domain/audit.ts';
import { IntakeId } from '../../../shared/domain/ids.ts';
import type { SealedValue } from '../../../shared/domain/sealed-value.ts';
import {
  hookFaults,
  hookRulesOf,
  HookSetting,
  SIGNATURE_SECRET_FIELD,
  signatureSecretFault,
} from '../../../shared/domain/source-hook.ts';
import { Source, type WorkspaceConfig } from '../../../shared/domain/workspace.ts';
import { previewHook } from '../../../shared/pipeline/preview-hook.ts';
import { ApiFault, conflict } from '../http/api-fault.ts';
import { parsedAs } from '../http/read-input.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { changed, differs, faulty, SUCCESS, tellVersion } from '../resources/faults.ts';
import { sourceIn } from '../resources/find-things.ts';

type Shown = z.output<ReturnType<typeof SourceHook>>;
type Input = z.output<ReturnType<typeof SourceHookInput>>;

/** No request of anybody's has it. */
const PREVIEW_INTAKE_ID = IntakeId.parse(`in_${'0'.repeat(22)}`);

/** Throws ApiFault 409 for a source of another kind: nothing is posted to it. */
function webhookIn(config: WorkspaceConfig, id: string | undefined): Source {
  const source = sourceIn(config, id);
  if (source.kind !== 'webhook')
    throw conflict(`${source.slug} is a ${source.kind} source: a webhook source alone has a mapping.`);
  return source;
}

function shown({ hook }: Pick<Source, 'hook'>): Shown {
  const { mapping, each, eventIdHeader } = hook ?? hookRulesOf(undefined);
  return {
    mapping,
    ...(each !== undefined && { each }),
    ...(eventIdHeader !== undefined && { eventIdHeader }),
    ...(hook?.signature !== undefined && {
      signature: { ...hook.signature, secrets: hook.signature.secrets.map(() => MASKED) },
    }),
    isDefault: hook === undefined,
  };
}

function refuseWrong(input: Input, at = ''): void {
  const { mapping, each, eventIdHeader } = input;
  const signature = input.signature ?? undefined;
  const faults = hookFaults({ mapping: mapping as HookSetting['mapping'], each, eventIdHeader, signature }).map(
    (fault) => ({
      field: `${at}${fault.at}`,
      message: fault.message,
    }),
  );
  for (const [index, secret] of (signature?.secrets ?? []).entries()) {
    if (signature === undefined || secret === MASKED) continue;
    const message = isNearlyMasked(secret)
      ? `These are not the dots that stand for a secret: send exactly ${MASKED}, or the secret itself.`
      : signatureSecretFault(secret);
    if (message !== undefined) faults.push({ field: `signature.secrets.${index}`, message });
  }
  if (faults.length > 0) throw faulty(faults);
}

/** Texts sealed; dots are what stands for secrets that are there already. Asked of the key service once, before the change is decided. */
async function sealedOf(request: ApiRequest, id: string, texts: readonly string[]): Promise<(SealedValue | 'kept')[]> {
  const sealer = texts.some((text) => text !== MASKED) ? await request.deps.sealer() : undefined;
  const context = { workspaceId: request.workspaceId, sourceId: id, field: SIGNATURE_SECRET_FIELD };
  return await Promise.all(
    texts.map(async (text) => (text === MASKED || sealer === undefined ? 'kept' : await sealer.seal(text, context))),
  );
}

/** A signature that is not spoken of would be gone, and anybody could post: that must be said. */
function refuseUnsaid({ signature }: Input, { hook }: Source): void {
  if (signature !== undefined || hook?.signature === undefined) return;
  const message =
    'This source has a signature. Give it again, dots in the place of its secrets, or null to take it away: unsigned requests are taken then.';
  throw faulty([{ field: 'signature', message }]);
}

/** The first dots are the first secret that is there, so that an old one can be put behind a new one. */
function secretsOf(given: readonly (SealedValue | 'kept')[], before: readonly SealedValue[]): SealedValue[] {
  let kept = 0;
  return given.map((one, index) => {
    if (one !== 'kept') return one;
    const found = before[kept];
    kept += 1;
    if (found !== undefined) return found;
    const message = 'These dots stand for a secret, and none is kept: enter the secret itself.';
    throw faulty([{ field: `signature.secrets.${index}`, message }]);
  });
}

export const sourceHooksHandlers: HandlersOf<
  'getSourceHook' | 'replaceSourceHook' | 'removeSourceHook' | 'previewSourceHook'
> = {
  getSourceHook: async (request, { path }) => {
    const source = webhookIn(await request.config(), path['sourceId']);
    request.matchVersion(source);
    return { hook: shown(source) };
  },

  replaceSourceHook: async (request, { path, body }) => {
    const seen = webhookIn(await request.config(), path['sourceId']);
    refuseWrong(body);
    const sealed = await sealedOf(request, seen.id, body.signature?.secrets ?? []);
    const hook = await request.change((config) => {
      const source = webhookIn(config, path['sourceId']);
      request.matchVersion(source);
      refuseUnsaid(body, source);
      const { signature, ...rules } = body;
      const setting = parsedAs(HookSetting, {
        ...rules,
        ...(signature && {
          signature: { ...signature, secrets: secretsOf(sealed, source.hook?.signature?.secrets ?? []) },
        }),
      });
      const thing = changed(Source, source, { hook: setting }, request);
      if (!differs(source, thing)) return { changes: [], value: shown(source) };
      tellVersion(request, thing.version + 1);
      return { changes: [{ kind: 'source', verb: 'save', thing }], value: shown(thing) };
    });
    return { hook };
  },

  removeSourceHook: async (request, { path }) => {
    await request.change((config) => {
      const source = webhookIn(config, path['sourceId']);
      request.matchVersion(source);
      if (source.hook === undefined) return { changes: [], value: undefined };
      const thing = changed(Source, source, { hook: undefined }, request);
      tellVersion(request, thing.version + 1);
      return { changes: [{ kind: 'source', verb: 'save', thing }], value: undefined };
    });
    return SUCCESS;
  },

  /** The code that route runs, on the last real request unless another is given. */
  previewSourceHook: async (request, { path, body }) => {
    const source = webhookIn(await request.config(), path['sourceId']);
    const { hook, request: given } = body ?? {};
    if (hook !== undefined) refuseWrong(hook, 'hook.');
    const sample = given === undefined ? await (await request.deps.hookSamples()).get(source.id) : undefined;
    const posted = given ?? sample?.request;
    if (posted === undefined) {
      throw new ApiFault(404, [
        {
          type: 'no-sample',
          message: 'Nothing was posted to this source yet, or not lately: give a request to look at.',
        },
      ]);
    }
    const rules = hook === undefined ? hookRulesOf(source.hook) : hookRulesOf(parsedAs(HookSetting, hook, 'hook'));
    const about = { sourceId: source.id, intakeId: PREVIEW_INTAKE_ID, receivedAt: request.now().toISOString() };
    const preview = previewHook(rules, posted as Parameters<typeof previewHook>[1], about);
    return {
      request: posted,
      ...(sample !== undefined && { receivedAt: sample.receivedAt, isShortened: sample.isShortened }),
      ...preview,
    };
  },
};
